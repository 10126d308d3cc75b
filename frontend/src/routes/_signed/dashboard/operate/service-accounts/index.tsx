/** Service accounts, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { ServiceAccountList } from "@/features/apiTokens/accounts/ServiceAccountList"
import { type AccountFilter, serviceAccounts } from "@/features/apiTokens/accounts/serviceAccounts"

export const Route = createFileRoute("/_signed/dashboard/operate/service-accounts/")({
  validateSearch: (raw: Record<string, unknown>): AccountFilter => ({
    search: typeof raw.search === "string" && raw.search ? raw.search : undefined,
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => context.queryClient.ensureQueryData(serviceAccounts(deps)),
  component: Accounts,
})

function Accounts() {
  const filter = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <ServiceAccountList
      filter={filter}
      onFilter={(search) => void navigate({ search, replace: true })}
    />
  )
}
