/** The list of platforms, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { PlatformList } from "@/features/platforms/PlatformList"
import { type PlatformFilter, platformList, STATES } from "@/features/platforms/platforms"

export const Route = createFileRoute("/_signed/dashboard/operate/platforms/")({
  validateSearch: (raw: Record<string, unknown>): PlatformFilter => ({
    search: typeof raw.search === "string" && raw.search ? raw.search : undefined,
    state: STATES.find((state) => state === raw.state),
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => context.queryClient.ensureQueryData(platformList(deps)),
  component: Platforms,
})

function Platforms() {
  const filter = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <PlatformList filter={filter} onFilter={(search) => void navigate({ search, replace: true })} />
  )
}
