/** A fake start: the eight steps one after the other, each sent through the event stream. */
import type { ChangeEvent, EventKind, SwarmStep } from "@/api/types"
import { environmentOf, environments, type Running } from "./states"

const STEPS: SwarmStep[] = [
  "new",
  "pending",
  "assigned",
  "accepted",
  "preparing",
  "ready",
  "starting",
  "running",
]
const USUAL_SECONDS = 6

type Listener = (kind: EventKind, data: ChangeEvent) => void
export const listeners = new Set<Listener>()
let events = 0

export function publish(kind: EventKind, subject: string, course: string | null): void {
  events += 1
  const data: ChangeEvent = {
    id: events,
    kind,
    subject_id: subject,
    course_id: course,
    owner_id: null,
  }
  for (const listener of listeners) listener(kind, data)
}

function put(courseId: string, change: Partial<Running>): void {
  const old = environmentOf(courseId)
  environments.set(courseId, {
    ...old,
    ...change,
    version: old.version + 1,
    since: new Date().toISOString(),
  })
  publish("environment.changed", courseId, courseId)
}

export function start(courseId: string): void {
  const old = environmentOf(courseId)
  if (["queued", "starting", "ready"].includes(old.state)) return
  const attempt = old.attempt + 1
  const startedAt = new Date().toISOString()
  put(courseId, { state: "queued", attempt, reason: null, last_logs: "" })
  const step = (index: number) => {
    if (environmentOf(courseId).attempt !== attempt) return
    if (!["queued", "starting"].includes(environmentOf(courseId).state)) return
    const waiting = index >= STEPS.length
    if (index > STEPS.length) {
      put(courseId, { state: "ready", progress: null })
      return
    }
    put(courseId, {
      state: "starting",
      progress: {
        step: STEPS[Math.min(index, 7)] ?? "running",
        number: Math.min(index + 1, 8),
        steps: 8,
        restarts: 0,
        waiting_for_ports: waiting,
        started_at: startedAt,
        usual_seconds: USUAL_SECONDS,
      },
    })
    setTimeout(() => step(index + 1), index === 4 ? 2_500 : 450)
  }
  setTimeout(() => step(0), 150)
}

export function end(courseId: string, code: "stopped_by_owner" | "cancelled"): void {
  put(courseId, { state: "stopping", progress: null })
  const reason = { code, parameters: {}, detail: "", reference: null }
  setTimeout(() => put(courseId, { state: "stopped", reason }), 900)
}

export function restart(courseId: string): void {
  put(courseId, { state: "stopping", progress: null })
  setTimeout(() => {
    put(courseId, { state: "stopped" })
    start(courseId)
  }, 700)
}
