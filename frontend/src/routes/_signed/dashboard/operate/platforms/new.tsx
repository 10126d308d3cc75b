/** Setting a platform up by hand, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { NewPlatform } from "@/features/platforms/form/NewPlatform"
import { toolAddresses } from "@/features/platforms/platforms"

export const Route = createFileRoute("/_signed/dashboard/operate/platforms/new")({
  loader: ({ context }) => context.queryClient.ensureQueryData(toolAddresses()),
  component: NewPlatform,
})
