/** Making a pool, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { NewPool } from "@/features/capacity/pools/NewPool"

export const Route = createFileRoute("/_signed/dashboard/operate/nodes/pools/new")({
  component: NewPool,
})
