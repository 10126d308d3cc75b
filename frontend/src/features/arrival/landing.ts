/** From where a launch lands to a page of ours. */
import { redirect } from "@tanstack/react-router"
import { ownPath } from "@/api/signIn"
import type { Landing } from "@/api/types"

/** The redirect to the page of `landing`; thrown by loaders. */
export function toLanding(landing: Landing) {
  const path = ownPath(landing.path)
  if (path) return redirect({ href: path })
  const courseId = landing.course_id
  switch (landing.kind) {
    case "window":
      if (courseId) return redirect({ to: "/courses/$courseId/window", params: { courseId } })
      break
    case "picker":
      if (landing.deep_linking_id) {
        const params = { deepLinkingId: landing.deep_linking_id }
        return redirect({ to: "/picker/$deepLinkingId", params })
      }
      break
    case "bind":
      if (landing.resource_link_id) {
        const params = { resourceLinkId: landing.resource_link_id }
        return redirect({ to: "/bind/$resourceLinkId", params })
      }
      break
    case "nothing_yet":
      return redirect({ to: "/nothing-yet" })
    case "unknown_course":
      return redirect({ to: "/unknown-course" })
    case "dashboard":
      return redirect({ to: "/dashboard/courses" })
  }
  return redirect({ to: "/unknown-course" })
}
