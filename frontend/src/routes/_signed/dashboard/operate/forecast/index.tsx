/** Demand against machines over time, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { ForecastPage } from "@/features/forecast/ForecastPage"
import {
  capacityRequests,
  forecastOf,
  poolsToForecast,
  SPANS,
  type View,
} from "@/features/forecast/forecast"

export const Route = createFileRoute("/_signed/dashboard/operate/forecast/")({
  validateSearch: (raw: Record<string, unknown>): View => ({
    pool: typeof raw.pool === "string" ? raw.pool : undefined,
    span: SPANS.find((span) => span === raw.span),
    from: /^\d{4}-\d\d-\d\d$/.test(String(raw.from)) ? String(raw.from) : undefined,
  }),
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
  return <ForecastPage view={view} onView={(search) => void navigate({ search, replace: true })} />
}
