/** The student's window of a Course. */
import { createFileRoute, Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { StudentWindowPage } from "@/features/window/StudentWindowPage"
import { windowOf } from "@/features/window/window"

export const Route = createFileRoute("/_signed/courses/$courseId/window")({
  loader: ({ context, params }) => context.queryClient.ensureQueryData(windowOf(params.courseId)),
  component: WindowRoute,
})

function WindowRoute() {
  const { t } = useTranslation()
  const { courseId } = Route.useParams()
  return (
    <StudentWindowPage
      key={courseId}
      courseId={courseId}
      accountLink={<Link to="/account">{t("account.open")}</Link>}
      editLink={(content) => (
        <Link to="/dashboard/courses/$courseId" params={{ courseId }}>
          {content}
        </Link>
      )}
    />
  )
}
