/** One service account, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { ServiceAccountPage } from "@/features/apiTokens/accounts/ServiceAccountPage"
import { serviceAccountOf, tokensOfAccount } from "@/features/apiTokens/accounts/serviceAccounts"

export const Route = createFileRoute("/_signed/dashboard/operate/service-accounts/$accountId")({
  loader: ({ context, params }) =>
    Promise.all([
      context.queryClient.ensureQueryData(serviceAccountOf(params.accountId)),
      context.queryClient.ensureQueryData(tokensOfAccount(params.accountId)),
    ]),
  component: Account,
})

function Account() {
  const { accountId } = Route.useParams()
  return <ServiceAccountPage key={accountId} accountId={accountId} />
}
