/** Changing a platform, for operators. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute } from "@tanstack/react-router"
import { ChangePlatform } from "@/features/platforms/form/ChangePlatform"
import { platformOf } from "@/features/platforms/platforms"

export const Route = createFileRoute("/_signed/dashboard/operate/platforms/$platformId/change")({
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(platformOf(params.platformId)),
  component: ChangePage,
})

function ChangePage() {
  const { platformId } = Route.useParams()
  const { data } = useSuspenseQuery(platformOf(platformId))
  return <ChangePlatform key={platformId} platform={data} />
}
