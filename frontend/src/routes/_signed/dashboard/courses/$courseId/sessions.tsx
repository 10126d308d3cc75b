/** The sessions of a Course. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute } from "@tanstack/react-router"
import { courseOf, sessionsOf } from "@/features/courses/courses"
import { Sessions } from "@/features/courses/sessions/Sessions"

/** `session`: the one that somebody followed a link to. */
type Search = { page?: number; session?: string }

export const Route = createFileRoute("/_signed/dashboard/courses/$courseId/sessions")({
  validateSearch: (raw: Record<string, unknown>): Search => ({
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
    session: /^[0-9a-f-]{36}$/.test(String(raw.session)) ? String(raw.session) : undefined,
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, params, deps }) =>
    context.queryClient.ensureQueryData(sessionsOf(params.courseId, deps.page ?? 1)),
  component: SectionRoute,
})

function SectionRoute() {
  const { courseId } = Route.useParams()
  const { page, session } = Route.useSearch()
  const navigate = Route.useNavigate()
  const { data: course } = useSuspenseQuery(courseOf(courseId))
  return (
    <Sessions
      course={course}
      page={page ?? 1}
      chosenId={session}
      onPage={(to) => void navigate({ search: { page: to > 1 ? to : undefined }, replace: true })}
    />
  )
}
