/** The dashboard's frame. */
import { createFileRoute, Outlet } from "@tanstack/react-router"
import { useLiveCourses } from "@/features/courses/useLiveCourses"
import { useLivePeople } from "@/features/people/people"
import { Shell } from "@/features/shell/Shell"

export const Route = createFileRoute("/_signed/dashboard")({ component: Dashboard })

function Dashboard() {
  useLiveCourses()
  useLivePeople()
  return (
    <Shell>
      <Outlet />
    </Shell>
  )
}
