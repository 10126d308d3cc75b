/** A student's own page outside the LMS. */
import { createFileRoute } from "@tanstack/react-router"
import { ActivitiesPage, myActivities } from "@/features/activities/ActivitiesPage"
import { MyFolderNotices } from "@/features/retention/MyFolderNotices"

export const Route = createFileRoute("/_signed/activities")({
  loader: ({ context }) => context.queryClient.ensureQueryData(myActivities()),
  component: Activities,
})

function Activities() {
  return <ActivitiesPage notices={<MyFolderNotices />} />
}
