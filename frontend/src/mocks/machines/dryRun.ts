/** A dry run on the fake pool: 40 students at once, 60 after half an hour, nobody beyond. */
import type { DryRun } from "@/api/types"

const [NOW, LATER] = [40, 60]
const SECOND = 1000
const WAIT = 1800 * SECOND
const START = 9.4
/** Starts that the fake machines begin in a second. */
const PACE = 4

export function dryRun(query: URLSearchParams): DryRun {
  const students = Number(query.get("students"))
  const starts = new Date(query.get("starts_at") ?? "").getTime()
  const spread = Number(query.get("spread_minutes") ?? 0) * 60 * SECOND
  const [atOnce, ready] = [Math.min(students, NOW), Math.min(students, LATER)]
  const iso = (at: number) => new Date(at).toISOString()
  const groups: DryRun["groups"] = []
  for (let first = 0; first < ready; first += PACE) {
    const waits = first >= atOnce
    const end = waits ? ready : atOnce
    const asked = starts + (spread * first) / students
    const begins = waits ? starts + WAIT + ((first - atOnce) / PACE) * SECOND : asked
    const queue = waits || spread > 0 ? 0 : (first / PACE) * SECOND
    groups.push({
      count: Math.min(PACE, end - first),
      waits,
      asked_at: iso(asked),
      ready_at: iso(begins + queue + START * SECOND),
    })
  }
  const readyAt = (count: number) => {
    let sum = 0
    for (const group of groups) {
      sum += group.count
      if (sum >= count) return group.ready_at
    }
    return null
  }
  return {
    pool: "default",
    pool_title: "CPU",
    students,
    starts_at: iso(starts),
    ends_at: query.get("ends_at") ?? iso(starts),
    at_once: atOnce,
    queued: ready - atOnce,
    never: students - ready,
    half_ready_at: readyAt(Math.ceil(students / 2)),
    all_ready_at: readyAt(students),
    machines_to_add: 0,
    shortage: students > ready ? "machines" : null,
    start_seconds: START,
    measured_starts: 12,
    groups,
  }
}
