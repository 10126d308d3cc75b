/** Requests to run builds as root, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { RootList } from "@/features/rootApprovals/RootList"
import { type RootFilter, rootRequests, STATES } from "@/features/rootApprovals/rootApprovals"

export const Route = createFileRoute("/_signed/dashboard/operate/root/")({
  validateSearch: (raw: Record<string, unknown>): RootFilter => ({
    search: typeof raw.search === "string" && raw.search ? raw.search : undefined,
    state: STATES.find((state) => state === raw.state),
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => context.queryClient.ensureQueryData(rootRequests(deps)),
  component: RootApprovals,
})

function RootApprovals() {
  const filter = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <RootList filter={filter} onFilter={(search) => void navigate({ search, replace: true })} />
  )
}
