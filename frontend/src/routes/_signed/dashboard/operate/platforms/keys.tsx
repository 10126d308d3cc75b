/** Our own signing keys, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { OwnKeys } from "@/features/platforms/keys/OwnKeys"
import { ownKeys } from "@/features/platforms/keys/ownKeys"

export const Route = createFileRoute("/_signed/dashboard/operate/platforms/keys")({
  loader: ({ context }) => context.queryClient.ensureQueryData(ownKeys()),
  component: OwnKeys,
})
