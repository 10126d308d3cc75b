/** Joins a Course by a code that somebody types. */
import { createFileRoute } from "@tanstack/react-router"
import { JoinCourse } from "@/features/join/JoinCourse"

export const Route = createFileRoute("/_signed/join/")({ component: JoinByTypedCode })

function JoinByTypedCode() {
  const navigate = Route.useNavigate()
  return (
    <JoinCourse
      onJoined={(courseId) =>
        void navigate({ to: "/courses/$courseId/window", params: { courseId } })
      }
    />
  )
}
