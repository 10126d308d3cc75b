/** Images for all teachers: as their owners ask and operators decide. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"

export const PAGE_SIZE = 25

export function visibilityOf(imageId: string) {
  return api.queryOptions("get", "/api/images/{image_id}/visibility", {
    params: { path: { image_id: imageId } },
  })
}

export function usesOf(imageId: string) {
  return api.queryOptions("get", "/api/images/{image_id}/uses", {
    params: { path: { image_id: imageId } },
  })
}

export function visibilityRequests(page: number) {
  return api.queryOptions("get", "/api/image-visibility", {
    params: { query: { page, page_size: PAGE_SIZE } },
  })
}

function useRefresh() {
  const cache = useQueryClient()
  return () =>
    cache.invalidateQueries({
      predicate: ({ queryKey }) => /^\/api\/image(s|-visibility)/.test(String(queryKey[1])),
    })
}

/** Asks with a comment; withdraws with null. */
export function useChangeVisibility(imageId: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async (comment: string | null) => {
      const params = { path: { image_id: imageId } }
      const { error } =
        comment === null
          ? await http.DELETE("/api/images/{image_id}/visibility", { params })
          : await http.PUT("/api/images/{image_id}/visibility", { params, body: { comment } })
      if (error) throw error
    },
    onSettled: refresh,
  })
}

type Decision = { imageId: string; decision: "approve" | "refuse"; reason?: string }

export function useDecideVisibility() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async ({ imageId, decision, reason = "" }: Decision) => {
      const { error } = await http.PUT("/api/image-visibility/{image_id}", {
        params: { path: { image_id: imageId } },
        body: { decision, reason },
      })
      if (error) throw error
    },
    // Also after a refusal: somebody else may have decided meanwhile.
    onSettled: refresh,
  })
}
