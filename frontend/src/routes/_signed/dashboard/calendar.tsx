/** The sessions of a week, all Courses together. */
import { createFileRoute } from "@tanstack/react-router"
import { Calendar, weekOf } from "@/features/courses/sessions/Calendar"
import { mondayOf } from "@/features/courses/sessions/sessionTimes"

function mondayFrom(week: string | undefined): Date {
  const asked = week ? new Date(`${week}T00:00`) : new Date()
  return mondayOf(Number.isNaN(asked.getTime()) ? new Date() : asked)
}

export const Route = createFileRoute("/_signed/dashboard/calendar")({
  validateSearch: (raw: Record<string, unknown>): { week?: string } => ({
    week: typeof raw.week === "string" && /^\d{4}-\d\d-\d\d$/.test(raw.week) ? raw.week : undefined,
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => context.queryClient.ensureQueryData(weekOf(mondayFrom(deps.week))),
  component: CalendarRoute,
})

function CalendarRoute() {
  const { week } = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <Calendar
      monday={mondayFrom(week)}
      onWeek={(day) => void navigate({ search: { week: day } })}
    />
  )
}
