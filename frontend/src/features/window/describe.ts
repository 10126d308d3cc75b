/** What the state block says: the sentence, what comes next, and how grave it is. Pure. */
import type { TFunction } from "i18next"
import type { Reason, StudentWindow, WindowState } from "@/api/types"
import type { Format } from "@/lib/format"
import type { Tone } from "@/ui/feedback/tones"
import { portAdvice } from "@/ui/reasons/portProblem"
import {
  folderNodeCase,
  isForNobody,
  lacksNumbers,
  reasonSentence,
} from "@/ui/reasons/reasonSentence"
import { diskFull } from "./diskFull"

export type Description = { tone: Tone; sentence: string; next: string; reference: string | null }

export const TONES: Record<WindowState, Tone> = {
  not_started: "still",
  not_open_yet: "info",
  closed: "still",
  queued: "warn",
  starting: "info",
  ready: "ok",
  stopping: "info",
  stopped: "still",
  failed: "bad",
}

export function describe(
  window: StudentWindow,
  now: Date,
  t: TFunction,
  format: Format,
): Description {
  const { state, reason } = window
  const reference = state === "failed" ? (reason?.reference ?? null) : null
  return { tone: TONES[state], ...words(window, now, t, format), reference }
}

function words(window: StudentWindow, now: Date, t: TFunction, format: Format) {
  const { state, reason } = window
  const plain = { sentence: t(`window.state.${state}`), next: "" }
  switch (state) {
    case "not_started":
      return { ...plain, next: usual(window, t, format) }
    case "not_open_yet":
      return { sentence: opening(window, now, t, format), next: t("window.next.not_open_yet") }
    case "closed":
      return { ...plain, next: closedSince(window, now, t, format) }
    case "queued":
      return reason
        ? { sentence: queuedSentence(reason, t, format), next: queuedAdvice(reason, t) }
        : { ...plain, next: t("window.next.queued") }
    case "starting":
      return { ...plain, next: startingNext(window, t) }
    case "ready":
      return { ...plain, next: t("window.next.ready", { count: window.connections.length }) }
    case "stopped":
      return { sentence: stoppedSentence(reason, t), next: stoppedNext(window, t) }
    case "failed":
      if (reason?.code === "disk_full") {
        return diskFull(reason, window.course.saves_work, t, format)
      }
      return reason ? failed(reason, t) : plain
    default:
      return { ...plain, next: t(`window.next.${state}`) }
  }
}

function failed(reason: Reason, t: TFunction) {
  if (reason.code === "ended_by_itself") {
    return { sentence: t("reason.ended_at_once"), next: t("advice.ended_at_once") }
  }
  const next = portAdvice(reason, t) ?? t(`advice.${reason.code}`)
  return { sentence: reasonSentence(reason, t), next }
}

function startingNext(window: StudentWindow, t: TFunction): string {
  if (window.reason?.code === "node_drained") return t("advice.node_drained_moving")
  const count = window.progress?.restarts
  return count ? t("lease.restarted", { count }) : t("window.next.starting")
}

/** "Position in the queue: 4. Usual wait: 2 min." */
function queuedSentence(reason: Reason, t: TFunction, format: Format): string {
  const { place, frees_every_seconds: every } = reason.parameters ?? {}
  const hasPosition = reason.code === "no_room" && place && !folderNodeCase(reason)
  if (!hasPosition) return reasonSentence(reason, t)
  const position = t("lease.position", { count: Number(place) })
  if (!every) return position
  return `${position} ${t("lease.usualWait", { time: format.duration(Number(every) * 1000) })}`
}

function queuedAdvice(reason: Reason, t: TFunction): string {
  if (isForNobody(reason)) return t("advice.node_unavailable_profile")
  const never = reason.code === "no_room" && reason.parameters?.fits_nowhere
  if (never && lacksNumbers(reason)) return t("direct.neverAdvice")
  if (never) return t("advice.no_room_never")
  return t(`advice.${folderNodeCase(reason) ?? reason.code}`)
}

function stoppedSentence(reason: Reason | null, t: TFunction): string {
  const plain = t("window.state.stopped")
  if (!reason) return plain
  const words = reason.parameters?.words
  const said = words ? ` ${t("lease.words", { words, interpolation: { escapeValue: false } })}` : ""
  return `${plain} ${reasonSentence(reason, t)}${said}`
}

function stoppedNext(window: StudentWindow, t: TFunction): string {
  const { reason, course } = window
  const workKept = course.saves_work ? t("advice.keptWork") : ""
  if (!window.can.includes("start")) {
    const over = reason?.code === "session_over" ? t("advice.session_over") : null
    return [workKept, over ?? t("window.next.stopped_shut")].filter(Boolean).join(" ")
  }
  const byRule = reason && reason.code !== "session_over"
  return [workKept, byRule ? t(`advice.${reason.code}`) : t("window.next.stopped")]
    .filter(Boolean)
    .join(" ")
}

function usual(window: StudentWindow, t: TFunction, format: Format): string {
  const seconds = window.progress?.usual_seconds
  if (!seconds) return t("window.next.not_started")
  return t("window.next.not_started_usual", { usual: format.duration(seconds * 1000) })
}

function opening(window: StudentWindow, now: Date, t: TFunction, format: Format): string {
  if (!window.opens_at) return t("window.state.not_open_yet", { when: "" })
  const at = new Date(window.opens_at)
  return t("window.state.not_open_yet", { when: format.moment(at, now) })
}

function closedSince(window: StudentWindow, now: Date, t: TFunction, format: Format): string {
  if (window.session?.state !== "over") return t("window.next.closed")
  const at = new Date(window.session.ends_at)
  return t("window.next.closed_over", { when: format.moment(at, now) })
}

/** Minutes until the end once a warning is due; null before, and when there is no end. */
export function minutesLeft(window: StudentWindow, now: Date): number | null {
  if (window.state !== "ready" || !window.ends_at) return null
  const left = new Date(window.ends_at).getTime() - now.getTime()
  const due = window.warn_at.some((at) => new Date(at).getTime() <= now.getTime())
  return due && left > 0 ? Math.ceil(left / 60_000) : null
}
