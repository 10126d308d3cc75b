/** The forecast of a pool, and requests for room, as data. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"

export const SPANS = ["day", "week", "month"] as const
export type Span = (typeof SPANS)[number]
const DAYS: Record<Span, number> = { day: 1, week: 7, month: 28 }

export type View = { pool?: string; span?: Span; from?: string }
export type Range = { from: Date; to: Date }

/** What a view shows: a day from midnight, a week from Monday, four weeks from Monday. */
export function rangeOf({ span = "week", from }: View, now: Date): Range {
  const start = from ? new Date(`${from}T00:00`) : new Date(now)
  start.setHours(0, 0, 0, 0)
  if (span !== "day") start.setDate(start.getDate() - ((start.getDay() + 6) % 7))
  return { from: start, to: later(start, DAYS[span]) }
}

/** The day that the same view begins with, so many spans later. */
export function moved(view: View, spans: number, now: Date): string {
  const { from } = rangeOf(view, now)
  const day = later(from, DAYS[view.span ?? "week"] * spans)
  const two = (value: number) => String(value).padStart(2, "0")
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
}

function later(at: Date, days: number): Date {
  const day = new Date(at)
  day.setDate(day.getDate() + days)
  return day
}

export function forecastOf(view: View, now: Date) {
  const { from, to } = rangeOf(view, now)
  const query = { pool: view.pool ?? "default", from: from.toISOString(), to: to.toISOString() }
  return { ...api.queryOptions("get", "/api/forecast", { params: { query } }), staleTime: 30_000 }
}

export function poolsToForecast() {
  return api.queryOptions("get", "/api/pools")
}

/** Those that a teacher may choose for a Course. */
export function choosablePools() {
  return api.queryOptions("get", "/api/pool-choices")
}

/** What the address of a forecast says. */
export function viewOf(raw: Record<string, unknown>): View {
  return {
    pool: typeof raw.pool === "string" ? raw.pool : undefined,
    span: SPANS.find((span) => span === raw.span),
    from: /^\d{4}-\d\d-\d\d$/.test(String(raw.from)) ? String(raw.from) : undefined,
  }
}

export const REQUESTS_PAGE_SIZE = 25

export function capacityRequests(page: number) {
  return api.queryOptions("get", "/api/capacity-requests", {
    params: { query: { page, page_size: REQUESTS_PAGE_SIZE } },
  })
}

export type Decision = { sessionId: string; decision: "granted" | "refused"; reason?: string }

export function useDecideCapacity() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async ({ sessionId, decision, reason = "" }: Decision) => {
      const { error } = await http.PUT("/api/capacity-requests/{session_id}", {
        params: { path: { session_id: sessionId } },
        body: { decision, reason },
      })
      if (error) throw error
    },
    // Also after a refusal: somebody else may have decided meanwhile.
    onSettled: () =>
      cache.invalidateQueries({
        predicate: ({ queryKey }) => /^\/api\/(capacity|forecast)/.test(String(queryKey[1])),
      }),
  })
}
