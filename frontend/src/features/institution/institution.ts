/** What the institution says of itself: read on every screen, written by operators. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { InstitutionSettings } from "@/api/types"

export function institution() {
  return {
    ...api.queryOptions("get", "/api/institution"),
    staleTime: 60_000,
    refetchInterval: 300_000,
  }
}

export function institutionSettings() {
  return api.queryOptions("get", "/api/institution/settings")
}

export function useSaveInstitution() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async ({ settings, etag }: { settings: InstitutionSettings; etag: string }) => {
      const { data, error } = await http.PUT("/api/institution/settings", {
        params: { header: { "If-Match": etag } },
        body: settings,
      })
      if (error) throw error
      return data
    },
    onSuccess: (stored) => {
      cache.setQueryData(institutionSettings().queryKey, stored)
      return cache.invalidateQueries({ queryKey: institution().queryKey })
    },
  })
}
