/** My API tokens. */
import { createFileRoute } from "@tanstack/react-router"
import { ApiTokensPage } from "@/features/apiTokens/ApiTokensPage"
import { myTokens } from "@/features/apiTokens/apiTokens"

export const Route = createFileRoute("/_signed/account/tokens")({
  loader: ({ context }) => context.queryClient.ensureQueryData(myTokens()),
  component: ApiTokensPage,
})
