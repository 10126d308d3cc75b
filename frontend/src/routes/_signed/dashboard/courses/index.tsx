/** The list of Courses. */
import { createFileRoute } from "@tanstack/react-router"
import { CourseList } from "@/features/courses/CourseList"
import { type CourseFilter, courseList, ORIGINS, SORTS, STATUSES } from "@/features/courses/courses"

export const Route = createFileRoute("/_signed/dashboard/courses/")({
  validateSearch: (raw: Record<string, unknown>): CourseFilter => ({
    search: typeof raw.search === "string" && raw.search ? raw.search : undefined,
    status: STATUSES.find((status) => status === raw.status),
    origin: ORIGINS.find((origin) => origin === raw.origin),
    sort: SORTS.find((sort) => sort === raw.sort),
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => context.queryClient.ensureQueryData(courseList(deps)),
  component: Courses,
})

function Courses() {
  const filter = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <CourseList filter={filter} onFilter={(search) => void navigate({ search, replace: true })} />
  )
}
