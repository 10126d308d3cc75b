/** Our own signing keys as data. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { OwnKey } from "@/api/types"

export const PURPOSES = ["platforms", "access"] as const satisfies OwnKey["purpose"][]

export const ownKeys = () => api.queryOptions("get", "/api/signing-keys")

export type KeyWish =
  | { act: "rotate"; purpose: OwnKey["purpose"]; at_once: boolean }
  | { act: "retire"; kid: string }

export function useKeyAct() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async (wish: KeyWish) => {
      const { data, error } =
        wish.act === "rotate"
          ? await http.POST("/api/signing-keys", {
              body: { purpose: wish.purpose, at_once: wish.at_once },
            })
          : await http.POST("/api/signing-keys/{kid}/retire", {
              params: { path: { kid: wish.kid } },
            })
      if (error) throw error
      return data
    },
    onSuccess: (keys) => cache.setQueryData(ownKeys().queryKey, keys),
  })
}
