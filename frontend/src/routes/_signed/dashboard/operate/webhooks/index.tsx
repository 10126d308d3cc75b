/** Everybody's webhooks, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { EveryWebhook } from "@/features/webhooks/EveryWebhook"
import { everyWebhook, type WebhookFilter } from "@/features/webhooks/webhooks"

export const Route = createFileRoute("/_signed/dashboard/operate/webhooks/")({
  validateSearch: (raw: Record<string, unknown>): WebhookFilter => ({
    search: typeof raw.search === "string" && raw.search ? raw.search : undefined,
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => context.queryClient.ensureQueryData(everyWebhook(deps)),
  component: Webhooks,
})

function Webhooks() {
  const filter = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <EveryWebhook filter={filter} onFilter={(search) => void navigate({ search, replace: true })} />
  )
}
