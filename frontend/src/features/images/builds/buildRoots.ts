/** Root of a build as data: why, where, its approval. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import { useLive } from "@/lib/live"

export function buildRoot(buildId: string) {
  return api.queryOptions("get", "/api/builds/{build_id}/root", {
    params: { path: { build_id: buildId } },
  })
}

export function useAskForRoot(buildId: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async (comment: string) => {
      const { data, error } = await http.POST("/api/builds/{build_id}/root-request", {
        params: { path: { build_id: buildId } },
        body: { comment },
      })
      if (error) throw error
      return data
    },
    onSuccess: (data) => cache.setQueryData(buildRoot(buildId).queryKey, data),
  })
}

/** Read it again when an operator decides. */
export function useLiveRoot(buildId: string): void {
  const cache = useQueryClient()
  useLive(
    (change) => change.kind === "build.changed" && change.subject_id === buildId,
    () => void cache.invalidateQueries({ queryKey: buildRoot(buildId).queryKey }),
  )
}
