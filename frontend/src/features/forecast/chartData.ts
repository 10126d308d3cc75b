/** A forecast as rows of a chart: one at each change, and enough between to point at. */
import type { Forecast } from "@/api/types"
import type { Span } from "./forecast"

export const MOST_BANDS = 8
const BETWEEN = 160
export const OTHERS = "others"

export type Band = { id: string; title: string }
/** Values by band, and the lines; `at` in milliseconds. */
export type Row = {
  at: number
  planned: number
  most: number
  used?: number
  bands: Record<string, number>
}

/** The Courses that take most get a band each, the rest and those of others one together. */
export function bandsOf(forecast: Forecast, others: string): Band[] {
  const weight = new Map<string, number>()
  for (const point of forecast.points) {
    const length = time(point.ends_at) - time(point.starts_at)
    for (const [id, machines] of Object.entries(point.bands)) {
      weight.set(id, (weight.get(id) ?? 0) + machines * length)
    }
  }
  const known = forecast.courses.filter(({ id }) => weight.has(id))
  const together = { id: OTHERS, title: others }
  if (known.length <= MOST_BANDS) {
    return forecast.points.some(({ hidden }) => hidden > 0) ? [...known, together] : known
  }
  const byWeight = [...known].sort((a, b) => (weight.get(b.id) ?? 0) - (weight.get(a.id) ?? 0))
  return [...byWeight.slice(0, MOST_BANDS), together]
}

export function rowsOf(forecast: Forecast, bands: Band[]): Row[] {
  const [begin, end] = [time(forecast.starts_at), time(forecast.ends_at)]
  const samples = new Map(forecast.samples.map((sample) => [time(sample.at), sample]))
  const moments = new Set<number>([begin, end, ...samples.keys()])
  for (const point of forecast.points) moments.add(Math.max(begin, time(point.starts_at)))
  for (let step = 1; step < BETWEEN; step++) moments.add(begin + (step * (end - begin)) / BETWEEN)
  const own = new Set(bands.map(({ id }) => id))
  const times = [...moments].filter((at) => at >= begin && at <= end).sort((a, b) => a - b)
  let index = 0
  return times.map((at) => {
    while (index < forecast.points.length - 1 && time(forecast.points[index]?.ends_at) <= at) {
      index++
    }
    const point = forecast.points[index]
    return {
      at,
      planned: point?.machines ?? forecast.machines,
      most: forecast.most_machines,
      used: samples.get(at)?.used_machines,
      bands: split(point?.bands ?? {}, point?.hidden ?? 0, own),
    }
  })
}

/** Whole days of the person's time zone, or every third hour of a single day, in milliseconds. */
export function marksOf(forecast: Forecast, span: Span): number[] {
  const end = time(forecast.ends_at)
  const mark = new Date(forecast.starts_at)
  mark.setHours(0, 0, 0, 0)
  const marks: number[] = []
  while (mark.getTime() <= end) {
    if (mark.getTime() >= time(forecast.starts_at)) marks.push(mark.getTime())
    // By the calendar: a day of a clock change has 23 or 25 hours.
    if (span === "day") mark.setHours(mark.getHours() + 3)
    else mark.setDate(mark.getDate() + (span === "week" ? 1 : 7))
  }
  return marks
}

function split(
  bands: Record<string, number>,
  hidden: number,
  own: Set<string>,
): Record<string, number> {
  const shown: Record<string, number> = Object.fromEntries([...own].map((id) => [id, 0]))
  for (const [id, machines] of Object.entries(bands)) {
    const band = own.has(id) ? id : OTHERS
    shown[band] = (shown[band] ?? 0) + machines
  }
  if (hidden > 0) shown[OTHERS] = (shown[OTHERS] ?? 0) + hidden
  return shown
}

/** The session of a band at a moment; the first one of a Course that has several then. */
export function sessionAt(forecast: Forecast, courseId: string, at: number) {
  return forecast.sessions.find(
    ({ course_id, starts_at, ends_at }) =>
      course_id === courseId && time(starts_at) <= at && at < time(ends_at),
  )
}

function time(text: string | undefined): number {
  return new Date(text ?? 0).getTime()
}
