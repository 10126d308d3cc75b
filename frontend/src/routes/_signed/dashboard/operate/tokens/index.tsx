/** Everybody's API tokens, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { everyToken, type TokenFilter } from "@/features/apiTokens/apiTokens"
import { EveryToken } from "@/features/apiTokens/EveryToken"

export const Route = createFileRoute("/_signed/dashboard/operate/tokens/")({
  validateSearch: (raw: Record<string, unknown>): TokenFilter => ({
    search: typeof raw.search === "string" && raw.search ? raw.search : undefined,
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => context.queryClient.ensureQueryData(everyToken(deps)),
  component: Tokens,
})

function Tokens() {
  const filter = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <EveryToken filter={filter} onFilter={(search) => void navigate({ search, replace: true })} />
  )
}
