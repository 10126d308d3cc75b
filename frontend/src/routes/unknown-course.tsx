/** The activity names a Course that is gone, or closed to this person. */
import { IconMapOff } from "@tabler/icons-react"
import { createFileRoute } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { PlainPage } from "@/ui/page/PlainPage"

export const Route = createFileRoute("/unknown-course")({ component: UnknownCourse })

function UnknownCourse() {
  const { t } = useTranslation()
  return (
    <PlainPage
      title={t("landing.unknownTitle")}
      icon={<IconMapOff size={36} stroke={1.6} aria-hidden />}
    >
      <p>{t("landing.unknownText")}</p>
    </PlainPage>
  )
}
