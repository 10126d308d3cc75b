/** A session that is repeated each week, at the same time of day, with days left out. */
import type { SessionDraft } from "@/api/types"
import { draftOfValues, type SessionValues } from "./sessionDraft"
import { addDays, fromLocal, toLocal } from "./sessionTimes"

export const MOST_WEEKS = 52

export type Repeat = {
  weeks: number
  /** Starts that are left out, as the form writes them. */
  skipped: string[]
}

export const ONCE: Repeat = { weeks: 1, skipped: [] }

/** The starts, in local time: the clock on the wall stays, also over a change of daylight saving. */
export function startsOf(starts: string, weeks: number): string[] {
  if (!starts) return []
  return Array.from({ length: weeks }, (_, week) => toLocal(addDays(fromLocal(starts), 7 * week)))
}

export function draftsOf(values: SessionValues, { weeks, skipped }: Repeat): SessionDraft[] {
  const ends = startsOf(values.ends_at, weeks)
  return startsOf(values.starts_at, weeks)
    .map((starts_at, week) => ({ ...values, starts_at, ends_at: ends[week] ?? values.ends_at }))
    .filter(({ starts_at }) => !skipped.includes(starts_at))
    .map(draftOfValues)
}
