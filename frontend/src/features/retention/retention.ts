/** The life of work folders as data: notices, postponing, deleted courses, erasures, orphans. */
import { keepPreviousData, useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { components } from "@/api/schema"

type Schemas = components["schemas"]
export type CourseFolders = Schemas["CourseFolders"]
export type MyFolder = Schemas["MyFolder"]
export type Erasure = Schemas["Erasure"]
export type OrphanFolder = Schemas["OrphanFolder"]
export type ErasureFilter = { search?: string; state?: "pending" | "erased"; page?: number }

export const PAGE_SIZE = 25
export const ERASURE_STATES = ["pending", "erased"] as const

export const myFolders = () => api.queryOptions("get", "/api/my-folders")

export function courseFolders(courseId: string, measure = false) {
  return api.queryOptions("get", "/api/courses/{course_id}/folders", {
    params: { path: { course_id: courseId }, query: measure ? { measure } : {} },
  })
}

export const endingCourses = () => api.queryOptions("get", "/api/folders/ending")
export const orphanFolders = () => api.queryOptions("get", "/api/folders/orphans")

export function erasureList(filter: ErasureFilter) {
  const query = {
    page: filter.page ?? 1,
    page_size: PAGE_SIZE,
    search: filter.search || undefined,
    pending: filter.state ? filter.state === "pending" : undefined,
  }
  return {
    ...api.queryOptions("get", "/api/folders/erasures", { params: { query } }),
    placeholderData: keepPreviousData,
  }
}

/** After any decision: everything that says when folders go. */
function useRefresh() {
  const cache = useQueryClient()
  return () =>
    cache.invalidateQueries({
      predicate: ({ queryKey }) =>
        /^\/api\/(courses|folders|my-folders)/.test(String(queryKey[1] ?? "")),
    })
}

async function answer<T>(request: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  const { data, error } = await request
  if (error) throw error
  return data as T
}

export function useKeep(courseId: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (until: string | null) =>
      answer(
        http.PUT("/api/courses/{course_id}/folders/keep", {
          params: { path: { course_id: courseId } },
          body: { until },
        }),
      ),
    onSettled: () => void refresh(),
  })
}

export function useUndoDeletion(courseId: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: () =>
      answer(
        http.DELETE("/api/courses/{course_id}/deletion", {
          params: { path: { course_id: courseId } },
        }),
      ),
    onSettled: () => void refresh(),
  })
}

export function useEraseOrphan() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ volume, node_id }: Pick<OrphanFolder, "volume" | "node_id">) =>
      answer(http.POST("/api/folders/orphans/erase", { body: { volume, node_id } })),
    onSettled: () => void refresh(),
  })
}

export function useAbandon() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (id: string) =>
      answer(
        http.POST("/api/folders/erasures/{erasure_id}/abandon", {
          params: { path: { erasure_id: id } },
        }),
      ),
    onSettled: () => void refresh(),
  })
}
