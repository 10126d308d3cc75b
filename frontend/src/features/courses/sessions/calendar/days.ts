/** The days of a calendar, and what of a session lies on each: in the viewer's zone. */
import { addDays, mondayOf } from "../sessionTimes"

export const VIEWS = ["week", "month"] as const
export type View = (typeof VIEWS)[number]
type Lasting = { starts_at: string; ends_at: string }

/** Seven days from a Monday on, or the whole weeks that a month touches. */
export function daysOf(view: View, at: Date): Date[] {
  const first = view === "week" ? at : new Date(at.getFullYear(), at.getMonth(), 1)
  const monday = mondayOf(first)
  if (view === "week") return Array.from({ length: 7 }, (_, day) => addDays(monday, day))
  const next = new Date(at.getFullYear(), at.getMonth() + 1, 1)
  const days: Date[] = []
  for (let day = monday; day < next || days.length % 7 > 0; day = addDays(monday, days.length)) {
    days.push(day)
  }
  return days
}

/** The same weekday of the next view, or of the one before. */
export function step(view: View, at: Date, by: 1 | -1): Date {
  return view === "week"
    ? addDays(mondayOf(at), 7 * by)
    : new Date(at.getFullYear(), at.getMonth() + by, 1)
}

/** What lies on a day, the earliest first: a session over midnight lies on both days. */
export function on<Session extends Lasting>(day: Date, sessions: Session[]): Session[] {
  const next = addDays(day, 1)
  return sessions
    .filter(({ starts_at, ends_at }) => new Date(starts_at) < next && new Date(ends_at) > day)
    .sort((a, b) => a.starts_at.localeCompare(b.starts_at))
}

/** Start and end of a session as far as they lie on this day; null: it is longer. */
export function partOn(day: Date, { starts_at, ends_at }: Lasting) {
  const [starts, ends, next] = [new Date(starts_at), new Date(ends_at), addDays(day, 1)]
  return { from: starts < day ? null : starts, to: ends > next ? null : ends }
}
