/** One submission. */
import { createFileRoute } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { SubmissionPage } from "@/features/submissions/SubmissionPage"
import { submissionOf } from "@/features/submissions/submissions"
import { BackLink } from "@/ui/page/BackLink"

export const Route = createFileRoute(
  "/_signed/dashboard/courses/$courseId/submissions/$submissionId",
)({
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(submissionOf(params.courseId, params.submissionId)),
  component: SubmissionRoute,
})

function SubmissionRoute() {
  const { t } = useTranslation()
  const { courseId, submissionId } = Route.useParams()
  const navigate = Route.useNavigate()
  return (
    <SubmissionPage
      courseId={courseId}
      id={submissionId}
      back={
        <BackLink to="/dashboard/courses/$courseId/submissions" params={{ courseId }}>
          {t("submissions.tab")}
        </BackLink>
      }
      onOpen={(other) => void navigate({ params: { courseId, submissionId: other } })}
    />
  )
}
