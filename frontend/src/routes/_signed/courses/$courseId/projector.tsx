/** The class of a Course for a projector, without names. */
import { createFileRoute, Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { Projector } from "@/features/room/Projector"
import { roomOf } from "@/features/room/room"

export const Route = createFileRoute("/_signed/courses/$courseId/projector")({
  loader: ({ context, params }) => context.queryClient.ensureQueryData(roomOf(params.courseId)),
  component: ProjectorRoute,
})

function ProjectorRoute() {
  const { t } = useTranslation()
  const { courseId } = Route.useParams()
  return (
    <Projector
      courseId={courseId}
      backLink={
        <Link to="/dashboard/courses/$courseId/room" params={{ courseId }}>
          {t("room.projectorBack")}
        </Link>
      }
    />
  )
}
