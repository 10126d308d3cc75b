/** The event stream: it says what changed, readers fetch it again. One stream for the page. */
import { EventSource } from "eventsource"
import { useEffect, useRef, useSyncExternalStore } from "react"
import { authorizedFetch } from "@/api/client"
import { endSession, sessionEnd } from "@/api/session"
import type { ChangeEvent, EventKind } from "@/api/types"

/** A change that a page may react to; the end of its own session is none. */
export type Change = ChangeEvent & { kind: ChangeKind }
type ChangeKind = Exclude<EventKind, "session.ended">

// A record, so that a kind that the api adds is missing here at once.
const KINDS: Record<ChangeKind, true> = {
  "environment.changed": true,
  "environment.ending": true,
  "build.changed": true,
  "course.changed": true,
  "person.changed": true,
  "role.changed": true,
}

type Listener = { changed: (change: Change) => void; again: () => void }

const listeners = new Set<Listener>()
const watchers = new Set<() => void>()
let source: EventSource | null = null
let connected = false
/** Milliseconds until a stream that was refused is tried again; twice as long each time. */
const FIRST_PAUSE = 2_000
const LONGEST_PAUSE = 10_000
let pause = FIRST_PAUSE

function setConnected(now: boolean): void {
  if (connected === now) return
  connected = now
  for (const watcher of watchers) watcher()
}

function open(): EventSource {
  const stream = new EventSource("/api/events", {
    fetch: (input, init) => authorizedFetch(input, init as RequestInit),
  })
  stream.addEventListener("open", () => {
    setConnected(true)
    pause = FIRST_PAUSE
    // What happened while nobody listened is unknown: look again.
    for (const listener of listeners) listener.again()
  })
  stream.addEventListener("error", () => {
    setConnected(false)
    // A stream that gave up (a refusal, say) is made anew; a lost one reconnects by itself.
    if (stream.readyState === stream.CLOSED && source === stream) {
      source = null
      setTimeout(() => {
        if (listeners.size > 0 && !sessionEnd()) source ??= open()
      }, pause)
      pause = Math.min(pause * 2, LONGEST_PAUSE)
    }
  })
  for (const kind of Object.keys(KINDS) as ChangeKind[]) {
    stream.addEventListener(kind, (event) => {
      const change = { ...(JSON.parse(event.data) as Change), kind }
      for (const listener of listeners) listener.changed(change)
    })
  }
  stream.addEventListener("session.ended", (event) => {
    endSession((JSON.parse(event.data) as { reason: string }).reason)
  })
  return stream
}

function listen(listener: Listener): () => void {
  listeners.add(listener)
  source ??= open()
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    source?.close()
    source = null
    setConnected(false)
  }
}

/** Milliseconds between two refetches of a reader, however many changes arrive. */
export const AT_MOST_EVERY = 1_000

/**
 * Call `refetch` at a change that `concerns`, after a reconnection, and when looked at again.
 *
 * The first change is read at once. What changes within the next second is read together at its
 * end: 300 students who start are one refetch a second for their teacher, not 300. Changes of one's
 * own environment are few and waited for, and always read at once.
 */
export function useLive(concerns: (change: Change) => boolean, refetch: () => void): void {
  const latest = useRef({ concerns, refetch })
  latest.current = { concerns, refetch }
  useEffect(() => {
    const reader = throttled(() => latest.current.refetch(), AT_MOST_EVERY)
    const changed = (change: Change) => {
      if (!latest.current.concerns(change)) return
      if (isOfOwnEnvironment(change)) reader.now()
      else reader.soon()
    }
    const seen = () => {
      if (document.visibilityState === "visible") reader.soon()
    }
    document.addEventListener("visibilitychange", seen)
    const stop = listen({ changed, again: reader.soon })
    return () => {
      document.removeEventListener("visibilitychange", seen)
      stop()
      reader.stop()
    }
  }, [])
}

/** The api says of others' environments only that their course changed. */
function isOfOwnEnvironment(change: Change): boolean {
  return change.kind === "environment.changed" || change.kind === "environment.ending"
}

type Throttled = { now: () => void; soon: () => void; stop: () => void }

/** Runs at once, and at most once in each `interval` when asked by `soon`; the last ask counts. */
export function throttled(run: () => void, interval: number): Throttled {
  let pause: ReturnType<typeof setTimeout> | null = null
  let asked = false
  const now = () => {
    if (pause !== null) clearTimeout(pause)
    asked = false
    pause = setTimeout(() => {
      pause = null
      if (asked) now()
    }, interval)
    run()
  }
  const soon = () => {
    if (pause === null) now()
    else asked = true
  }
  const stop = () => {
    if (pause !== null) clearTimeout(pause)
    pause = null
    asked = false
  }
  return { now, soon, stop }
}

/** Call `refetch` for each change that `concerns`, and for nothing else. */
export function useChanges(concerns: (change: Change) => boolean, refetch: () => void): void {
  const latest = useRef({ concerns, refetch })
  latest.current = { concerns, refetch }
  useEffect(
    () =>
      listen({
        changed: (change) => {
          if (latest.current.concerns(change)) latest.current.refetch()
        },
        again: () => undefined,
      }),
    [],
  )
}

/** Whether changes arrive by themselves; when not, a page has to ask more often. */
export function useLiveConnected(): boolean {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => connected,
  )
}
