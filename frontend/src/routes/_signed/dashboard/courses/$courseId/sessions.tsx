/** The sessions of a Course. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute } from "@tanstack/react-router"
import { courseOf, sessionsOf } from "@/features/courses/courses"
import { Sessions } from "@/features/courses/sessions/Sessions"

type Search = { page?: number }

export const Route = createFileRoute("/_signed/dashboard/courses/$courseId/sessions")({
  validateSearch: (raw: Record<string, unknown>): Search => ({
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, params, deps }) =>
    context.queryClient.ensureQueryData(sessionsOf(params.courseId, deps.page ?? 1)),
  component: SectionRoute,
})

function SectionRoute() {
  const { courseId } = Route.useParams()
  const { page } = Route.useSearch()
  const navigate = Route.useNavigate()
  const { data: course } = useSuspenseQuery(courseOf(courseId))
  return (
    <Sessions
      course={course}
      page={page ?? 1}
      onPage={(to) => void navigate({ search: { page: to > 1 ? to : undefined }, replace: true })}
    />
  )
}
