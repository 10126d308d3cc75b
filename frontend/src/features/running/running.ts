/** Environments of all Courses, as operators see and stop them. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { EnvironmentEntry, EnvironmentFilter } from "@/api/types"
import type { Tone } from "@/ui/feedback/tones"

export const STATES = [
  "alive",
  "waiting",
  "ready",
  "failed",
  "stopped",
] as const satisfies EnvironmentFilter[]
export type RunningFilter = { search?: string; state?: EnvironmentFilter; page?: number }

export const PAGE_SIZE = 50

export const TONES: Record<EnvironmentEntry["phase"], Tone> = {
  queued: "warn",
  starting: "info",
  ready: "ok",
  stopping: "info",
  stopped: "still",
  failed: "bad",
}

/** Phases of an environment that can be stopped. */
export const STOPPABLE: ReadonlySet<EnvironmentEntry["phase"]> = new Set([
  "queued",
  "starting",
  "ready",
])

export function environmentList(filter: RunningFilter) {
  return api.queryOptions("get", "/api/environments", {
    params: {
      query: {
        page: filter.page ?? 1,
        page_size: PAGE_SIZE,
        search: filter.search || undefined,
        state: filter.state,
      },
    },
  })
}

export function useStop() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async ({ entry, words }: { entry: EnvironmentEntry; words: string }) => {
      const { error } = await http.POST("/api/courses/{course_id}/environments/stop", {
        params: { path: { course_id: entry.course.id } },
        body: { people: [entry.owner.id], words },
      })
      if (error) throw error
    },
    // Also after a refusal: it may have ended meanwhile.
    onSettled: () =>
      cache.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[1] === "/api/environments",
      }),
  })
}
