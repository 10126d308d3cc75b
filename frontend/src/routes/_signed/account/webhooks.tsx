/** My webhooks. */
import { createFileRoute } from "@tanstack/react-router"
import { WebhooksPage } from "@/features/webhooks/WebhooksPage"
import { myWebhooks } from "@/features/webhooks/webhooks"

export const Route = createFileRoute("/_signed/account/webhooks")({
  loader: ({ context }) => context.queryClient.ensureQueryData(myWebhooks()),
  component: WebhooksPage,
})
