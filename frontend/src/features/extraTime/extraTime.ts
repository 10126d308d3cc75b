/** Extra time as data: what was granted, granting it, taking it back. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { ExtraTimeDraft } from "@/api/types"

const PATH = "/api/courses/{course_id}/extra-time"

export function extraTimeOf(courseId: string) {
  return api.queryOptions("get", PATH, { params: { path: { course_id: courseId } } })
}

/** The running session and the next ones first: those for which extra time is granted. */
export function sessionsOf(courseId: string) {
  return api.queryOptions("get", "/api/courses/{course_id}/sessions", {
    params: { path: { course_id: courseId }, query: { page: 1, page_size: 25 } },
  })
}

/** Everything that shows an end: the room, the sessions, the list itself. */
function useRefresh() {
  const cache = useQueryClient()
  return () =>
    cache.invalidateQueries({
      predicate: ({ queryKey }) => /^\/api\/(courses|sessions)/.test(String(queryKey[1])),
    })
}

export function useGrantExtraTime(courseId: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async (body: ExtraTimeDraft) => {
      const { error } = await http.POST(PATH, { params: { path: { course_id: courseId } }, body })
      if (error) throw error
    },
    onSuccess: refresh,
  })
}

export function useWithdrawExtraTime(courseId: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async (grantId: string) => {
      const params = { path: { course_id: courseId, grant_id: grantId } }
      const { error } = await http.DELETE(`${PATH}/{grant_id}`, { params })
      if (error) throw error
    },
    onSettled: refresh,
  })
}

export type Measure = "minutes" | "percent"

/** What the api takes of each; a day, and twice the session. */
export const MOST: Record<Measure, number> = { minutes: 1440, percent: 200 }

export function isAmount(amount: number | string, measure: Measure): boolean {
  const number = Number(amount)
  return Number.isInteger(number) && number >= 1 && number <= MOST[measure]
}
