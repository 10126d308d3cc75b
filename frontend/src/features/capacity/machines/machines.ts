/** Machines that Terraform makes for a pool, as data, for operators. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { PoolScaling } from "@/api/types"

const LOOK_AGAIN = 5000
export const RUNS_SHOWN = 20

export function scalingOf(name: string) {
  return {
    ...api.queryOptions("get", "/api/pools/{name}/scaling", { params: { path: { name } } }),
    refetchInterval: LOOK_AGAIN,
  }
}

export function runsOf(name: string, page: number) {
  return {
    ...api.queryOptions("get", "/api/pools/{name}/machine-runs", {
      params: { path: { name }, query: { page, page_size: RUNS_SHOWN } },
    }),
    refetchInterval: LOOK_AGAIN,
  }
}

export function runOf(name: string, id: string) {
  return {
    ...api.queryOptions("get", "/api/pools/{name}/machine-runs/{id}", {
      params: { path: { name, id } },
    }),
    refetchInterval: LOOK_AGAIN,
  }
}

type Saving = { name: string; scaling: PoolScaling; etag: string | null | undefined }

/** Saves how machines are made, and reads what became of it. */
export function useSaveScaling() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async ({ name, scaling, etag }: Saving) => {
      const header = etag ? { "If-Match": etag } : { "If-None-Match": "*" }
      const { error } = await http.PUT("/api/pools/{name}/scaling", {
        params: { path: { name }, header },
        body: scaling,
      })
      if (error) throw error
    },
    onSettled: () =>
      cache.invalidateQueries({
        predicate: ({ queryKey }) => String(queryKey[1]).startsWith("/api/pools/{name}/"),
      }),
  })
}
