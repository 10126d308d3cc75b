/** My account; with `link`, the question whether two accounts shall be one. */
import { createFileRoute } from "@tanstack/react-router"
import { api } from "@/api/client"
import { AccountPage } from "@/features/account/AccountPage"
import { myAccount } from "@/features/account/account"
import { LinkQuestion } from "@/features/account/LinkQuestion"
import { hasSomeRight } from "@/features/signIn/rights"

export const Route = createFileRoute("/_signed/account/")({
  validateSearch: (raw: Record<string, unknown>): { link?: string } => ({
    link: typeof raw.link === "string" && raw.link ? raw.link : undefined,
  }),
  loaderDeps: ({ search }) => search,
  loader: async ({ context, deps }) => {
    if (!deps.link) await context.queryClient.ensureQueryData(myAccount())
  },
  component: Account,
})

function Account() {
  const { link } = Route.useSearch()
  const me = api.useQuery("get", "/api/me")
  if (link) return <LinkQuestion key={link} id={link} />
  return <AccountPage back={me.data && hasSomeRight(me.data) ? "/dashboard/courses" : undefined} />
}
