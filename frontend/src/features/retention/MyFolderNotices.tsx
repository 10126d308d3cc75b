/** Tells a student that a work folder of theirs will be erased, and when. */
import { useQuery } from "@tanstack/react-query"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "@/lib/format"
import { Notice } from "@/ui/feedback/Notice"
import { type MyFolder, myFolders } from "./retention"

/** `courseId`: this course's folder only. `action`: a way to the files, made by the route. */
type Props = { courseId?: string; action?: ReactNode }

export function MyFolderNotices({ courseId, action }: Props) {
  const { data } = useQuery(myFolders())
  const announced = (data?.items ?? []).filter(
    (folder) => folder.notice !== "none" && (!courseId || folder.course_id === courseId),
  )
  return announced.map((folder) => (
    <FolderNotice key={folder.environment_id} folder={folder} action={action} />
  ))
}

function FolderNotice({ folder, action }: { folder: MyFolder; action?: ReactNode }) {
  const { t } = useTranslation()
  const format = useFormat()
  const date = folder.erase_at ? format.date(new Date(folder.erase_at)) : ""
  const isUrgent = folder.notice !== "first"
  return (
    <Notice
      polite
      tone={isUrgent ? "bad" : "warn"}
      title={t(folder.notice === "due" ? "retention.mineDue" : "retention.mine", {
        title: folder.course_title,
        date,
      })}
      action={action}
    >
      {t(folder.deleted_at ? "retention.mineDeleted" : "retention.mineText")}
    </Notice>
  )
}
