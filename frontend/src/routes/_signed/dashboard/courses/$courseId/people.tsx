/** The people of a Course. */
import { createFileRoute } from "@tanstack/react-router"
import { ExtraTimeDialog } from "@/features/extraTime/ExtraTimeDialog"
import { CoursePeople } from "@/features/people/CoursePeople"
import { type CoursePeopleFilter, coursePeople, WHICH } from "@/features/people/coursePeople"

export const Route = createFileRoute("/_signed/dashboard/courses/$courseId/people")({
  validateSearch: (raw: Record<string, unknown>): CoursePeopleFilter => ({
    search: typeof raw.search === "string" && raw.search ? raw.search : undefined,
    which: WHICH.find((which) => which === raw.which),
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
  }),
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
