/** The dashboard opens on the Courses. */
import { createFileRoute, redirect } from "@tanstack/react-router"

export const Route = createFileRoute("/_signed/dashboard/")({
  beforeLoad: () => {
    throw redirect({ to: "/dashboard/courses", replace: true })
  },
})
