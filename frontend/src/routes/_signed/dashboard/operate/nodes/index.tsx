/** The machines environments run on, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { nodeList, poolList } from "@/features/capacity/capacity"
import { NodeList } from "@/features/capacity/NodeList"

export const Route = createFileRoute("/_signed/dashboard/operate/nodes/")({
  validateSearch: (raw: Record<string, unknown>): { page?: number } => ({
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) =>
    Promise.all([
      context.queryClient.ensureQueryData(nodeList(deps.page ?? 1)),
      context.queryClient.ensureQueryData(poolList()),
    ]),
  component: Nodes,
})

function Nodes() {
  const { page = 1 } = Route.useSearch()
  const navigate = Route.useNavigate()
  return <NodeList page={page} onPage={(next) => void navigate({ search: { page: next } })} />
}
