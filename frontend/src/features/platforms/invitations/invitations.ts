/** Invitations as data: each lets one platform register itself. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { NewInvitation } from "@/api/types"

export const INVITATIONS_SIZE = 25
export const HOURS = [1, 24, 72, 24 * 7, 24 * 30] as const

export function invitationList(page: number) {
  return api.queryOptions("get", "/api/platforms/invitations", {
    params: { query: { page, page_size: INVITATIONS_SIZE } },
  })
}

function useForget() {
  const cache = useQueryClient()
  return () =>
    cache.invalidateQueries({
      predicate: ({ queryKey }) => queryKey[1] === "/api/platforms/invitations",
    })
}

export function useInvite() {
  return useMutation({
    mutationFn: async (body: { label: string; hours: number }): Promise<NewInvitation> => {
      const { data, error } = await http.POST("/api/platforms/invitations", { body })
      if (error) throw error
      return data
    },
    onSuccess: useForget(),
  })
}

export function useWithdraw() {
  return useMutation({
    mutationFn: async (id: string) => {
      const { error } = await http.POST("/api/platforms/invitations/{invitation_id}/withdraw", {
        params: { path: { invitation_id: id } },
      })
      if (error) throw error
    },
    onSuccess: useForget(),
  })
}
