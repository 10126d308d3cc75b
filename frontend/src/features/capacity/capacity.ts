/** Machines and pools as data, for operators. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { NodeChange, Pool } from "@/api/types"

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

type Wish = {
  pool: Pool
  /** When it was changed last, as far as the form knows; null: it is a new one. */
  seen: string | null
}

/** Keeps a pool, and reads it again: the next change names the moment of this one. */
export function useSavePool() {
  const cache = useQueryClient()
  const poolsAreOld = usePoolsAreOld()
  return useMutation({
    mutationFn: async ({ pool, seen }: Wish) => {
      const { error } = await http.PUT("/api/pools/{name}", {
        params: { path: { name: pool.name }, query: seen ? { seen } : { new: true } },
        body: pool,
      })
      await poolsAreOld()
      if (error) throw error
      const states = await cache.fetchQuery(poolList())
      return states.find((state) => state.pool.name === pool.name)
    },
  })
}

export function useRemovePool() {
  return useMutation({
    mutationFn: async (name: string) => {
      const { error } = await http.DELETE("/api/pools/{name}", { params: { path: { name } } })
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
