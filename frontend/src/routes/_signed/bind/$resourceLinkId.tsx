/** Choosing the Course of an activity that has none. */
import { createFileRoute } from "@tanstack/react-router"
import { Bind } from "@/features/picker/Bind"

export const Route = createFileRoute("/_signed/bind/$resourceLinkId")({ component: BindRoute })

function BindRoute() {
  const { resourceLinkId } = Route.useParams()
  const navigate = Route.useNavigate()
  return (
    <Bind
      resourceLinkId={resourceLinkId}
      onBound={(courseId) =>
        void navigate({ to: "/dashboard/courses/$courseId", params: { courseId } })
      }
    />
  )
}
