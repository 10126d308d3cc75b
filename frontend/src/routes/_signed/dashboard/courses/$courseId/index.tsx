/** A Course at a glance. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute } from "@tanstack/react-router"
import { courseOf } from "@/features/courses/courses"
import { Overview } from "@/features/courses/Overview"

export const Route = createFileRoute("/_signed/dashboard/courses/$courseId/")({
  component: SectionRoute,
})

function SectionRoute() {
  const { courseId } = Route.useParams()
  const { data: course } = useSuspenseQuery(courseOf(courseId))
  return <Overview course={course} />
}
