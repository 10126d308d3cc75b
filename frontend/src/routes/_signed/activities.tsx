/** A student's own page outside the LMS. */
import { createFileRoute } from "@tanstack/react-router"
import { ActivitiesPage, myActivities } from "@/features/activities/ActivitiesPage"

export const Route = createFileRoute("/_signed/activities")({
  loader: ({ context }) => context.queryClient.ensureQueryData(myActivities()),
  component: ActivitiesPage,
})
