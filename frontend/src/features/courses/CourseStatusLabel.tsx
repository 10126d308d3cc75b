/** The status of a Course as an icon and a word. */
import { useTranslation } from "react-i18next"
import type { CourseStatus } from "@/api/types"
import { Status } from "@/ui/feedback/Status"
import type { Tone } from "@/ui/feedback/tones"

const TONES: Record<CourseStatus, Tone> = {
  draft: "still",
  test: "info",
  ready: "ok",
  archived: "still",
}

export function CourseStatusLabel({ status }: { status: CourseStatus }) {
  const { t } = useTranslation()
  return <Status tone={TONES[status]}>{t(`course.status.${status}`)}</Status>
}
