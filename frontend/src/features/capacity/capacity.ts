/** Machines and pools as data, for operators. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { NodeChange, Pool, PoolState } from "@/api/types"
import type { Edit } from "@/ui/editConflict/useEditConflict"

export const PAGE_SIZE = 25
const LOOK_AGAIN = 10_000

export function nodeList(page: number) {
  return {
    ...api.queryOptions("get", "/api/nodes", {
      params: { query: { page, page_size: PAGE_SIZE } },
    }),
    refetchInterval: LOOK_AGAIN,
  }
}

export function poolList() {
  return { ...api.queryOptions("get", "/api/pools"), refetchInterval: LOOK_AGAIN }
}

/** What was read of pools is out of date, where teachers choose them too. */
export function usePoolsAreOld() {
  const cache = useQueryClient()
  return () =>
    cache.invalidateQueries({
      predicate: ({ queryKey }) => /^\/api\/(pools|pool-choices|courses)/.test(String(queryKey[1])),
    })
}

export function poolNamed(name: string) {
  return api.queryOptions("get", "/api/pools/{name}", { params: { path: { name } } })
}

/** Saves a pool, a new one where it has no tag yet, and reads it again. */
export function useSavePool() {
  const cache = useQueryClient()
  const poolsAreOld = usePoolsAreOld()
  return useMutation({
    mutationFn: async ({ draft, etag }: Edit<Pool>): Promise<PoolState> => {
      const { name } = draft
      const header = etag ? { "If-Match": etag } : { "If-None-Match": "*" }
      const { error } = await http.PUT("/api/pools/{name}", {
        params: { path: { name }, header },
        body: draft,
      })
      await poolsAreOld()
      if (error) throw error
      return cache.fetchQuery({ ...poolNamed(name), staleTime: 0 })
    },
  })
}

export function useRemovePool() {
  return useMutation({
    mutationFn: async ({ pool, etag }: PoolState) => {
      const params = { path: { name: pool.name }, header: { "If-Match": etag } }
      const { error } = await http.DELETE("/api/pools/{name}", { params })
      if (error) throw error
    },
  })
}

export function useChangeNode() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async ({ id, change }: { id: string; change: NodeChange }) => {
      const { error } = await http.PATCH("/api/nodes/{id}", {
        params: { path: { id } },
        body: change,
      })
      if (error) throw error
    },
    onSettled: () =>
      cache.invalidateQueries({
        predicate: ({ queryKey }) => ["/api/nodes", "/api/pools"].includes(String(queryKey[1])),
      }),
  })
}
