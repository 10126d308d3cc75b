/** Everything that runs, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { RunningList } from "@/features/running/RunningList"
import { environmentList, type RunningFilter, STATES } from "@/features/running/running"

export const Route = createFileRoute("/_signed/dashboard/operate/running/")({
  validateSearch: (raw: Record<string, unknown>): RunningFilter => ({
    search: typeof raw.search === "string" && raw.search ? raw.search : undefined,
    state: STATES.find((state) => state === raw.state),
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => context.queryClient.ensureQueryData(environmentList(deps)),
  component: Running,
})

function Running() {
  const filter = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <RunningList filter={filter} onFilter={(search) => void navigate({ search, replace: true })} />
  )
}
