/** Invitations for platforms, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { Invitations } from "@/features/platforms/invitations/Invitations"
import { invitationList } from "@/features/platforms/invitations/invitations"

export const Route = createFileRoute("/_signed/dashboard/operate/platforms/invitations")({
  validateSearch: (raw: Record<string, unknown>): { page?: number } => ({
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) =>
    context.queryClient.ensureQueryData(invitationList(deps.page ?? 1)),
  component: InvitationsPage,
})

function InvitationsPage() {
  const { page = 1 } = Route.useSearch()
  const navigate = Route.useNavigate()
  return <Invitations page={page} onPage={(next) => void navigate({ search: { page: next } })} />
}
