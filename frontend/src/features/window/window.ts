/** The student's window as data: read, kept fresh, and acted upon. */
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query"
import { useCallback, useEffect, useRef } from "react"
import { api, http } from "@/api/client"
import { asProblem, ProblemError } from "@/api/problems"
import type { StudentWindow } from "@/api/types"
import { clockOffset } from "@/lib/clock"
import { useLive, useLiveConnected } from "@/lib/live"

const PATH = "/api/courses/{course_id}/window"
const LONGEST_TIMER = 2 ** 31 - 1

export function windowOf(courseId: string) {
  return {
    ...api.queryOptions("get", PATH, { params: { path: { course_id: courseId } } }),
    staleTime: 0,
    structuralSharing: (old: unknown, fresh: unknown) =>
      newest(old as StudentWindow | undefined, fresh as StudentWindow),
  }
}

/** Answers may overtake each other: a version never goes back unless the server is later. */
export function newest(old: StudentWindow | undefined, fresh: StudentWindow): StudentWindow {
  const overtaken = old && fresh.version < old.version && fresh.now <= old.now
  return overtaken ? old : fresh
}

export function useStudentWindow(courseId: string) {
  const connected = useLiveConnected()
  const { data, dataUpdatedAt, error, refetch } = useSuspenseQuery({
    ...windowOf(courseId),
    refetchInterval: ({ state }) => {
      if (state.data && isOverdue(state.data, state.dataUpdatedAt)) return 500
      return connected ? 15_000 : 1_000
    },
  })
  const again = useCallback(() => void refetch({ cancelRefetch: true }), [refetch])
  useLive((change) => change.course_id === courseId || change.subject_id === courseId, again)
  const offset = clockOffset(data.now, dataUpdatedAt)
  useWakeUps(data, offset, again)
  // Shown beside what was last known: a page that cannot ask must not look as if it knew.
  return { window: data, offset, unreachable: error }
}

/** The session should be open by now, and the answer still says that it is not. */
function isOverdue(window: StudentWindow, receivedAt: number): boolean {
  if (window.state !== "not_open_yet" || !window.opens_at) return false
  const now = Date.now() + clockOffset(window.now, receivedAt)
  return now >= new Date(window.opens_at).getTime()
}

/** Ask again at the moments when the answer is known to change. */
function useWakeUps(window: StudentWindow, offset: number, again: () => void): void {
  const moments = [window.opens_at, window.ends_at, window.idle_stops_at]
    .filter((at) => at != null)
    .join()
  useEffect(() => {
    const timers = moments
      .split(",")
      .filter(Boolean)
      .map((at) => new Date(at).getTime() - (Date.now() + offset))
      .filter((wait) => wait > 0 && wait < LONGEST_TIMER)
      .map((wait) => setTimeout(again, wait + 20))
    return () => timers.forEach(clearTimeout)
  }, [moments, offset, again])
}

/** The dialogs that the window's actions open. */
export type DialogName = "stop" | "restart" | "password" | "logs" | "help"

export type Verb = "start" | "stop" | "restart" | "cancel" | "renew" | "keep" | "password"

const VERBS = {
  start: "/api/courses/{course_id}/environment/start",
  stop: "/api/courses/{course_id}/environment/stop",
  restart: "/api/courses/{course_id}/environment/restart",
  cancel: "/api/courses/{course_id}/environment/cancel",
  renew: "/api/courses/{course_id}/environment/renew",
  keep: "/api/courses/{course_id}/environment/keep",
  password: "/api/courses/{course_id}/environment/credentials/renew",
} as const

/** What a person does to their environment; the answer is the window as it is now. */
export function useWindowAct(courseId: string, version: number) {
  const cache = useQueryClient()
  const mutationKey = ["window", courseId]
  const repeatable = useRef(false)
  const act = useMutation({
    mutationKey,
    mutationFn: async ({ verb }: { verb: Verb; version: number }) => {
      const { data, error } = await http.POST(VERBS[verb], {
        params: { path: { course_id: courseId } },
      })
      if (error) throw error
      return data as StudentWindow
    },
    onSuccess: (fresh) => {
      const key = windowOf(courseId).queryKey
      cache.setQueryData(key, (old: StudentWindow | undefined) => newest(old, fresh))
    },
    // A refusal means that the page showed something old.
    onError: () => cache.invalidateQueries({ queryKey: windowOf(courseId).queryKey }),
    // A lost answer is no refusal, and repeating is harmless: but for what begins anew.
    retry: (count, error) => count < 3 && asProblem(error).code === "network" && repeatable.current,
    retryDelay: 700,
  })
  // The button is disabled one paint too late for an impatient double click.
  const mutate = (verb: Verb) => {
    if (cache.isMutating({ mutationKey }) > 0) return
    repeatable.current = verb !== "restart" && verb !== "password"
    act.mutate({ verb, version })
  }
  // What went wrong says nothing any more once the environment has moved on.
  const error = act.variables?.version === version ? act.error : null
  const { isPending, isSuccess } = act
  return { mutate, isPending, isSuccess, verb: act.variables?.verb, error }
}

/** Name and password, fetched only when the person asks. */
export async function fetchCredentials(courseId: string) {
  const { data, error } = await http.GET("/api/courses/{course_id}/environment/credentials", {
    params: { path: { course_id: courseId } },
  })
  if (error || !data) throw error ?? new ProblemError({ code: "network", status: 0, title: "" })
  return data
}
