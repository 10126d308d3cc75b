/** To come. */
import { createFileRoute } from "@tanstack/react-router"

export const Route = createFileRoute("/_signed/dashboard/images/$imageId")({
  component: () => null,
})
