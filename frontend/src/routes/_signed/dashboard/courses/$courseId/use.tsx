/** Who used a Course, when and for how long. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { createFileRoute } from "@tanstack/react-router"
import { lazy, Suspense } from "react"
import { courseOf } from "@/features/courses/courses"
import { courseUse, SPANS, type Span } from "@/features/traces/traces"

const CourseUse = lazy(() => import("@/features/traces/CourseUse"))

type Search = { span?: Span; page?: number }

export const Route = createFileRoute("/_signed/dashboard/courses/$courseId/use")({
  validateSearch: (raw: Record<string, unknown>): Search => ({
    span: SPANS.find((days) => days === Number(raw.span)),
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
  }),
  loaderDeps: ({ search }) => ({ span: search.span }),
  loader: ({ context, params, deps }) =>
    context.queryClient.ensureQueryData(courseUse(params.courseId, deps.span ?? 30)),
  component: SectionRoute,
})

function SectionRoute() {
  const { courseId } = Route.useParams()
  const { span = 30, page = 1 } = Route.useSearch()
  const navigate = Route.useNavigate()
  const { data: course } = useSuspenseQuery(courseOf(courseId))
  return (
    <Suspense>
      <CourseUse
        courseId={courseId}
        title={course.title}
        span={span}
        page={page}
        onSpan={(days) => void navigate({ search: { span: days }, replace: true })}
        onPage={(next) => void navigate({ search: { span, page: next } })}
      />
    </Suspense>
  )
}
