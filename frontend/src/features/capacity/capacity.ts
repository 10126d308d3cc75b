/** Machines and pools as data, for operators. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { components } from "@/api/schema"

export type Node = components["schemas"]["Node"]
export type Pool = components["schemas"]["PoolState"]
export type NodeChange = components["schemas"]["NodeChange"]

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
