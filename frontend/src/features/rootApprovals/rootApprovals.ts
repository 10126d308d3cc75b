/** Requests to run builds as root, as operators see and decide them. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { RootDecision, RootState } from "@/api/types"

export const STATES = ["asked", "approved", "refused", "revoked"] as const satisfies RootState[]
export type RootFilter = {
  search?: string
  state?: (typeof STATES)[number]
  page?: number
}

export const PAGE_SIZE = 25

export function rootRequests(filter: RootFilter) {
  return api.queryOptions("get", "/api/root-approvals", {
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

export type Decision = { buildId: string; decision: RootDecision; reason?: string }

export function useDecideRoot() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async ({ buildId, decision, reason = "" }: Decision) => {
      const { error } = await http.PUT("/api/root-approvals/{build_id}", {
        params: { path: { build_id: buildId } },
        body: { decision, reason },
      })
      if (error) throw error
    },
    // Also after a refusal: somebody else may have decided meanwhile.
    onSettled: () =>
      cache.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[1] === "/api/root-approvals",
      }),
  })
}
