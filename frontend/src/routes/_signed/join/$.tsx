/** Joins a Course by the code of the address; a page of its web port may follow the code. */
import { createFileRoute, useLocation } from "@tanstack/react-router"
import { JoinCourse } from "@/features/join/JoinCourse"
import { readJoinPath } from "@/features/join/join"

export const Route = createFileRoute("/_signed/join/$")({ component: JoinByAddress })

function JoinByAddress() {
  const { _splat } = Route.useParams()
  const query = useLocation({ select: (location) => location.searchStr })
  const navigate = Route.useNavigate()
  const { code, open } = readJoinPath(_splat ?? "", query)
  return (
    <JoinCourse
      code={code}
      onJoined={(courseId) =>
        void navigate({
          to: "/courses/$courseId/window",
          params: { courseId },
          search: open ? { open } : {},
          replace: true,
        })
      }
    />
  )
}
