/** Service accounts as data: what operators see and decide. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { ServiceAccount, ServiceAccountCan, ServiceAccountDraft } from "@/api/types"

export const PAGE_SIZE = 25
export const RIGHTS = ["create_courses", "build_images", "operate"] as const
export type AccountFilter = { search?: string; page?: number }
export type AccountState = "disabled" | "orphan" | "active"

const byId = (id: string) => ({ params: { path: { account_id: id } } })

export function serviceAccounts({ search, page = 1 }: AccountFilter) {
  const query = { page, page_size: PAGE_SIZE, search }
  return api.queryOptions("get", "/api/service-accounts", { params: { query } })
}

export function serviceAccountOf(id: string) {
  return api.queryOptions("get", "/api/service-accounts/{account_id}", byId(id))
}

export function tokensOfAccount(id: string) {
  return api.queryOptions("get", "/api/service-accounts/{account_id}/tokens", byId(id))
}

export function accountState(account: ServiceAccount): AccountState {
  if (account.disabled_at) return "disabled"
  return account.owner_operates ? "active" : "orphan"
}

function isOfAccounts({ queryKey }: { queryKey: readonly unknown[] }): boolean {
  return String(queryKey[1]).startsWith("/api/service-accounts")
}

function useChange<Asked>(change: (asked: Asked) => Promise<ServiceAccount>) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () => cache.invalidateQueries({ predicate: isOfAccounts }),
  })
}

export const useCreateAccount = () =>
  useChange(async (body: ServiceAccountDraft) => {
    const { data, error } = await http.POST("/api/service-accounts", { body })
    if (error) throw error
    return data
  })

export const useUpdateAccount = ({ id, etag }: ServiceAccount) =>
  useChange(async (body: ServiceAccountDraft) => {
    const params = { ...byId(id).params, header: { "If-Match": etag } }
    const { data, error } = await http.PUT("/api/service-accounts/{account_id}", { params, body })
    if (error) throw error
    return data
  })

export const useAccountAct = (id: string) =>
  useChange(async (act: ServiceAccountCan) => {
    const { data, error } = await request(act)
    if (error) throw error
    return data

    function request(act: ServiceAccountCan) {
      switch (act) {
        case "disable":
          return http.PUT("/api/service-accounts/{account_id}/disabled", byId(id))
        case "enable":
          return http.DELETE("/api/service-accounts/{account_id}/disabled", byId(id))
        case "take_over":
          return http.PUT("/api/service-accounts/{account_id}/owner", byId(id))
      }
    }
  })
