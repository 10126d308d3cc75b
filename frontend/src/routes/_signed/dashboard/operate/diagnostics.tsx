/** The former address of refused sign-ins, for one release. */
import { createFileRoute, redirect } from "@tanstack/react-router"

export const Route = createFileRoute("/_signed/dashboard/operate/diagnostics")({
  beforeLoad: ({ search }) => {
    throw redirect({ to: "/dashboard/operate/refusals", search, replace: true })
  },
})
