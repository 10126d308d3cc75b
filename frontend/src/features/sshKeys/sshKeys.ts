/** My public keys as data. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { SshKey } from "@/api/types"

export const FAULTS = ["private", "unreadable", "algorithm", "weak"] as const
export type KeyFault = (typeof FAULTS)[number]

export function keyList() {
  return api.queryOptions("get", "/api/me/ssh-keys")
}

function useRefresh() {
  const cache = useQueryClient()
  return () => cache.invalidateQueries({ queryKey: keyList().queryKey })
}

export function useAddKey() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async (body: { public_key: string; title: string }): Promise<SshKey> => {
      const { data, error } = await http.POST("/api/me/ssh-keys", { body })
      if (error) throw error
      return data
    },
    onSuccess: () => void refresh(),
  })
}

export function useRemoveKey() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async (key: SshKey) => {
      const path = { key_id: key.id }
      const { error } = await http.DELETE("/api/me/ssh-keys/{key_id}", { params: { path } })
      if (error) throw error
    },
    onSettled: () => void refresh(),
  })
}
