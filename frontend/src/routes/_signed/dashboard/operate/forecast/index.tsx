/** Demand against machines over time, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { OperatorForecast } from "@/features/forecast/ForecastPage"
import { capacityRequests, forecastOf, poolsToForecast, viewOf } from "@/features/forecast/forecast"

export const Route = createFileRoute("/_signed/dashboard/operate/forecast/")({
  validateSearch: viewOf,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) =>
    Promise.all([
      context.queryClient.ensureQueryData(forecastOf(deps, new Date())),
      context.queryClient.ensureQueryData(poolsToForecast()),
      context.queryClient.ensureQueryData(capacityRequests(1)),
    ]),
  component: ForecastRoute,
})

function ForecastRoute() {
  const view = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <OperatorForecast view={view} onView={(search) => void navigate({ search, replace: true })} />
  )
}
