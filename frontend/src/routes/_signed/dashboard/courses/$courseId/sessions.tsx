/** The sessions of a Course. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute } from "@tanstack/react-router"
import { courseOf } from "@/features/courses/courses"
import { Sessions } from "@/features/courses/Sessions"

export const Route = createFileRoute("/_signed/dashboard/courses/$courseId/sessions")({
  component: SectionRoute,
})

function SectionRoute() {
  const { courseId } = Route.useParams()
  const { data: course } = useSuspenseQuery(courseOf(courseId))
  return <Sessions course={course} />
}
