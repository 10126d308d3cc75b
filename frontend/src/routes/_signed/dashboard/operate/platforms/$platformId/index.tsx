/** One platform, for operators; the page of its journal is in the address. */
import { createFileRoute } from "@tanstack/react-router"
import { PlatformPage } from "@/features/platforms/page/PlatformPage"
import { platformOf } from "@/features/platforms/platforms"

export const Route = createFileRoute("/_signed/dashboard/operate/platforms/$platformId/")({
  validateSearch: (raw: Record<string, unknown>): { page?: number } => ({
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
  }),
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(platformOf(params.platformId)),
  component: OnePlatform,
})

function OnePlatform() {
  const { platformId } = Route.useParams()
  const { page = 1 } = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <PlatformPage
      key={platformId}
      platformId={platformId}
      page={page}
      onPage={(next) => void navigate({ search: { page: next }, resetScroll: false })}
    />
  )
}
