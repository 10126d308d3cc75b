/** The people of a Course. */
import { createFileRoute } from "@tanstack/react-router"
import { ExtraTimeDialog } from "@/features/extraTime/ExtraTimeDialog"
import { CoursePeople } from "@/features/people/CoursePeople"
import { coursePeople, WHICH } from "@/features/people/coursePeople"
import { readPeopleFilter } from "@/ui/list/peopleFilter"

export const Route = createFileRoute("/_signed/dashboard/courses/$courseId/people")({
  validateSearch: (raw: Record<string, unknown>) => readPeopleFilter(WHICH, raw),
  loaderDeps: ({ search }) => search,
  loader: ({ context, params, deps }) =>
    context.queryClient.ensureQueryData(coursePeople(params.courseId, deps)),
  component: SectionRoute,
})

function SectionRoute() {
  const { courseId } = Route.useParams()
  const filter = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <CoursePeople
      courseId={courseId}
      filter={filter}
      onFilter={(search) => void navigate({ search, replace: true })}
      extraTime={(person, onClose) => (
        <ExtraTimeDialog courseId={courseId} person={person} onClose={onClose} />
      )}
    />
  )
}
