/** The student's window of a Course. */
import { createFileRoute, Link } from "@tanstack/react-router"
import { StudentWindowPage } from "@/features/window/StudentWindowPage"
import { windowOf } from "@/features/window/window"

export const Route = createFileRoute("/_signed/courses/$courseId/window")({
  loader: ({ context, params }) => context.queryClient.ensureQueryData(windowOf(params.courseId)),
  component: WindowRoute,
})

function WindowRoute() {
  const { courseId } = Route.useParams()
  return (
    <StudentWindowPage
      key={courseId}
      courseId={courseId}
      editLink={(content) => (
        <Link to="/dashboard/courses/$courseId" params={{ courseId }}>
          {content}
        </Link>
      )}
    />
  )
}
