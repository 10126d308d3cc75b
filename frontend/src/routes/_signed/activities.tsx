/** A student's own page outside the LMS. */
import { createFileRoute, Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { ActivitiesPage, myActivities } from "@/features/activities/ActivitiesPage"
import { MyFolderNotices } from "@/features/retention/MyFolderNotices"

export const Route = createFileRoute("/_signed/activities")({
  loader: ({ context }) => context.queryClient.ensureQueryData(myActivities()),
  component: Activities,
})

function Activities() {
  const { t } = useTranslation()
  return (
    <ActivitiesPage
      notices={
        <MyFolderNotices action={<Link to="/account/data">{t("retention.download")}</Link>} />
      }
    />
  )
}
