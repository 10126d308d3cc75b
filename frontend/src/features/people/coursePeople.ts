/** The people of a Course as data. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { CoursePeople } from "@/api/types"
import { type PeopleFilter, queryOf } from "@/ui/list/peopleFilter"

export const WHICH = ["not_started", "started"] as const
export type CoursePeopleFilter = PeopleFilter<(typeof WHICH)[number]>

function parametersOf(courseId: string, filter: CoursePeopleFilter) {
  return { path: { course_id: courseId }, query: queryOf(filter) }
}

export function coursePeople(courseId: string, filter: CoursePeopleFilter) {
  return api.queryOptions("get", "/api/courses/{course_id}/people", {
    params: parametersOf(courseId, filter),
  })
}

/** Have the platform's list read now; the page that comes back is the newest. */
export function useSyncPeople(courseId: string, filter: CoursePeopleFilter) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async (): Promise<CoursePeople> => {
      const params = parametersOf(courseId, filter)
      const { data, error } = await http.POST("/api/courses/{course_id}/people/sync", { params })
      if (error) throw error
      return data
    },
    onSuccess: (data) => cache.setQueryData(coursePeople(courseId, filter).queryKey, data),
  })
}

export type Score = {
  id: string
  given: number | null
  comment: string | null
  resource_link_id: string
}

export function useSendScore(courseId: string, userId: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async (body: Score) => {
      const params = { path: { course_id: courseId, user_id: userId } }
      const path = "/api/courses/{course_id}/people/{user_id}/score"
      const { error } = await http.PUT(path, { params, body })
      if (error) throw error
    },
    onSuccess: () =>
      cache.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[1] === "/api/courses/{course_id}/people",
      }),
  })
}
