/** The catalogue of Images ready to copy. */
import { createFileRoute } from "@tanstack/react-router"
import { Catalogue } from "@/features/images/Catalogue"
import { catalogue } from "@/features/images/images"

export const Route = createFileRoute("/_signed/dashboard/images/catalogue")({
  loader: ({ context }) => context.queryClient.ensureQueryData(catalogue()),
  component: Catalogue,
})
