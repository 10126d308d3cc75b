/** Refused entries, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { RefusalList } from "@/features/refusals/RefusalList"
import { type RefusalFilter, refusalList } from "@/features/refusals/refusals"

const UUID = /^[0-9a-f-]{36}$/

export const Route = createFileRoute("/_signed/dashboard/operate/refusals/")({
  validateSearch: (raw: Record<string, unknown>): RefusalFilter => ({
    search: typeof raw.search === "string" && raw.search ? raw.search : undefined,
    reason: typeof raw.reason === "string" && raw.reason ? raw.reason : undefined,
    platform: UUID.test(String(raw.platform)) ? String(raw.platform) : undefined,
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => context.queryClient.ensureQueryData(refusalList(deps)),
  component: Refusals,
})

function Refusals() {
  const filter = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <RefusalList filter={filter} onFilter={(search) => void navigate({ search, replace: true })} />
  )
}
