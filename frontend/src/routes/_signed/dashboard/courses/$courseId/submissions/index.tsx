/** What the students of a Course submitted. */
import { createFileRoute } from "@tanstack/react-router"
import { SubmissionList } from "@/features/submissions/SubmissionList"
import { submissionsOf, WHICH } from "@/features/submissions/submissions"
import { readPeopleFilter } from "@/ui/list/peopleFilter"

export const Route = createFileRoute("/_signed/dashboard/courses/$courseId/submissions/")({
  validateSearch: (raw: Record<string, unknown>) => readPeopleFilter(WHICH, raw),
  loaderDeps: ({ search }) => search,
  loader: ({ context, params, deps }) =>
    context.queryClient.ensureQueryData(submissionsOf(params.courseId, deps)),
  component: SectionRoute,
})

function SectionRoute() {
  const { courseId } = Route.useParams()
  const filter = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <SubmissionList
      courseId={courseId}
      filter={filter}
      onFilter={(search) => void navigate({ search, replace: true })}
      onOpen={(submissionId) =>
        void navigate({
          to: "/dashboard/courses/$courseId/submissions/$submissionId",
          params: { courseId, submissionId },
        })
      }
    />
  )
}
