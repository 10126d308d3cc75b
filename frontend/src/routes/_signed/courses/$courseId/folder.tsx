/** The files of the own work folder of a Course. */
import { createFileRoute } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { FolderPage } from "@/features/folder/FolderPage"
import { MyFolderNotices } from "@/features/retention/MyFolderNotices"
import { BackLink } from "@/ui/page/BackLink"

export const Route = createFileRoute("/_signed/courses/$courseId/folder")({
  component: FolderRoute,
})

function FolderRoute() {
  const { t } = useTranslation()
  const { courseId } = Route.useParams()
  return (
    <FolderPage
      courseId={courseId}
      notices={<MyFolderNotices courseId={courseId} />}
      back={
        <BackLink to="/courses/$courseId/window" params={{ courseId }}>
          {t("files.back")}
        </BackLink>
      }
    />
  )
}
