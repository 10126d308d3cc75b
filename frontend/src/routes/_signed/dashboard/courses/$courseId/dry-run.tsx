/** A dry run of a session of a Course. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute } from "@tanstack/react-router"
import { courseOf } from "@/features/courses/courses"
import { DryRunPage } from "@/features/courses/dryRun/DryRunPage"
import { searchOf } from "@/features/courses/dryRun/dryRun"

export const Route = createFileRoute("/_signed/dashboard/courses/$courseId/dry-run")({
  validateSearch: searchOf,
  component: SectionRoute,
})

function SectionRoute() {
  const { courseId } = Route.useParams()
  const search = Route.useSearch()
  const navigate = Route.useNavigate()
  const { data: course } = useSuspenseQuery(courseOf(courseId))
  return (
    <DryRunPage
      course={course}
      search={search}
      onRun={(asked) => void navigate({ search: asked })}
    />
  )
}
