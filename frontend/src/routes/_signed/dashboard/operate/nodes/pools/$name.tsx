/** One pool, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { poolList } from "@/features/capacity/capacity"
import { PoolPage } from "@/features/capacity/pools/PoolPage"

export const Route = createFileRoute("/_signed/dashboard/operate/nodes/pools/$name")({
  validateSearch: (raw: Record<string, unknown>): { made?: true } => ({
    made: raw.made === true ? true : undefined,
  }),
  loader: ({ context }) => context.queryClient.ensureQueryData(poolList()),
  component: OnePool,
})

function OnePool() {
  const { name } = Route.useParams()
  const { made = false } = Route.useSearch()
  return <PoolPage key={name} name={name} made={made} />
}
