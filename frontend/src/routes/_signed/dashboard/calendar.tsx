/** The sessions of a week or a month, all Courses together. */
import { createFileRoute } from "@tanstack/react-router"
import { Calendar, sessionsIn } from "@/features/courses/sessions/calendar/Calendar"
import { VIEWS, type View } from "@/features/courses/sessions/calendar/days"

type Search = { week?: string; view?: View }

function dayFrom(text: string | undefined): Date {
  const asked = text ? new Date(`${text}T00:00`) : new Date()
  return Number.isNaN(asked.getTime()) ? new Date() : asked
}

export const Route = createFileRoute("/_signed/dashboard/calendar")({
  validateSearch: (raw: Record<string, unknown>): Search => ({
    week: typeof raw.week === "string" && /^\d{4}-\d\d-\d\d$/.test(raw.week) ? raw.week : undefined,
    view: raw.view === "week" ? undefined : VIEWS.find((view) => view === raw.view),
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) =>
    context.queryClient.ensureQueryData(sessionsIn(deps.view ?? "week", dayFrom(deps.week))),
  component: CalendarRoute,
})

function CalendarRoute() {
  const { week, view } = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <Calendar
      view={view ?? "week"}
      at={dayFrom(week)}
      onShow={(next, day) =>
        void navigate({ search: { week: day, view: next === "week" ? undefined : next } })
      }
    />
  )
}
