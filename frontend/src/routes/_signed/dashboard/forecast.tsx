/** Demand against machines over time, for teachers. */
import { createFileRoute } from "@tanstack/react-router"
import { TeacherForecast } from "@/features/forecast/ForecastPage"
import { choosablePools, forecastOf, viewOf } from "@/features/forecast/forecast"

export const Route = createFileRoute("/_signed/dashboard/forecast")({
  validateSearch: viewOf,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) =>
    Promise.all([
      context.queryClient.ensureQueryData(forecastOf(deps, new Date())),
      context.queryClient.ensureQueryData(choosablePools()),
    ]),
  component: ForecastRoute,
})

function ForecastRoute() {
  const view = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <TeacherForecast view={view} onView={(search) => void navigate({ search, replace: true })} />
  )
}
