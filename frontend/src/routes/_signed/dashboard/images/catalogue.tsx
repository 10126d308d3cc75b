/** The catalogue of Images. */
import { createFileRoute } from "@tanstack/react-router"
import { CataloguePage } from "@/features/catalogue/CataloguePage"
import { catalogue } from "@/ui/catalogue/entries"

export const Route = createFileRoute("/_signed/dashboard/images/catalogue")({
  loader: ({ context }) => context.queryClient.ensureQueryData(catalogue()),
  component: CataloguePage,
})
