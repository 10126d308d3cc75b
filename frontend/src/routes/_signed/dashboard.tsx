/** The dashboard's frame. */
import { createFileRoute, Outlet } from "@tanstack/react-router"
import { api } from "@/api/client"
import { useLiveCourses } from "@/features/courses/useLiveCourses"
import { useLivePeople } from "@/features/people/people"
import { Shell } from "@/features/shell/Shell"
import { NoRightsPage } from "@/features/signIn/NoRightsPage"
import { hasSomeRight } from "@/features/signIn/rights"

export const Route = createFileRoute("/_signed/dashboard")({ component: Dashboard })

function Dashboard() {
  useLiveCourses()
  useLivePeople()
  const me = api.useQuery("get", "/api/me")
  if (me.data && !hasSomeRight(me.data)) return <NoRightsPage name={me.data.name} />
  return (
    <Shell>
      <Outlet />
    </Shell>
  )
}
