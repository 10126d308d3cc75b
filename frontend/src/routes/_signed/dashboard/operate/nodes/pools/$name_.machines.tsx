/** Machines that Terraform makes for one pool, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { poolList } from "@/features/capacity/capacity"
import { MachinesPage } from "@/features/capacity/machines/MachinesPage"
import { runsOf, scalingOf } from "@/features/capacity/machines/machines"

export const Route = createFileRoute("/_signed/dashboard/operate/nodes/pools/$name_/machines")({
  validateSearch: (raw: Record<string, unknown>): { page?: number } => ({
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, params, deps }) =>
    Promise.all([
      context.queryClient.ensureQueryData(poolList()),
      context.queryClient.ensureQueryData(scalingOf(params.name)),
      context.queryClient.ensureQueryData(runsOf(params.name, deps.page ?? 1)),
    ]),
  component: MachinesRoute,
})

function MachinesRoute() {
  const { name } = Route.useParams()
  const { page = 1 } = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <MachinesPage
      key={name}
      name={name}
      page={page}
      onPage={(wanted) => void navigate({ search: { page: wanted } })}
    />
  )
}
