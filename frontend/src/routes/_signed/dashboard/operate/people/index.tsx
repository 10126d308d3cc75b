/** Everybody who ever came, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { PeopleList } from "@/features/people/PeopleList"
import { KINDS, type PeopleFilter, peopleList } from "@/features/people/people"

export const Route = createFileRoute("/_signed/dashboard/operate/people/")({
  validateSearch: (raw: Record<string, unknown>): PeopleFilter => ({
    search: typeof raw.search === "string" && raw.search ? raw.search : undefined,
    kind: KINDS.find((kind) => kind === raw.kind),
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => context.queryClient.ensureQueryData(peopleList(deps)),
  component: People,
})

function People() {
  const filter = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <PeopleList filter={filter} onFilter={(search) => void navigate({ search, replace: true })} />
  )
}
