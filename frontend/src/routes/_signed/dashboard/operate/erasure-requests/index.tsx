/** Requests of people to erase their data, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { ErasureRequests } from "@/features/personalData/ErasureRequests"
import { type RequestFilter, requestList, STATES } from "@/features/personalData/personalData"

export const Route = createFileRoute("/_signed/dashboard/operate/erasure-requests/")({
  validateSearch: (raw: Record<string, unknown>): RequestFilter => ({
    search: typeof raw.search === "string" && raw.search ? raw.search : undefined,
    state: STATES.find((state) => state === raw.state),
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => context.queryClient.ensureQueryData(requestList(deps)),
  component: Requests,
})

function Requests() {
  const filter = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <ErasureRequests
      filter={filter}
      onFilter={(search) => void navigate({ search, replace: true })}
    />
  )
}
