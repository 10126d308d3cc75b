/** Room for a session on a fake pool: 40 students at once, 60 once machines are added. */
import type { CapacityCheck } from "@/api/types"

const HOUR = 3_600_000
const [NOW, LATER] = [40, 60]

export function capacityCheck(students: number, startsAt: string): CapacityCheck {
  const verdict = students <= NOW ? "free" : students <= LATER ? "tight" : "impossible"
  const starts = new Date(startsAt).getTime()
  const slot = (hours: number) => ({
    starts_at: new Date(starts + hours * HOUR).toISOString(),
    ends_at: new Date(starts + (hours + 2) * HOUR).toISOString(),
  })
  return {
    verdict,
    pool: "default",
    pool_title: "CPU",
    students,
    fitting: Math.min(students, LATER),
    fitting_now: Math.min(students, NOW),
    machines_to_add: verdict === "tight" ? Math.ceil((students - NOW) / 10) : 0,
    ready_at: verdict === "tight" ? slot(0).starts_at : null,
    shortage: verdict === "impossible" ? "machines" : null,
    suggestions: verdict === "free" ? [] : [slot(2), slot(24), slot(48)],
  }
}
