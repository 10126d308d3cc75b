/** API tokens as data: mine, and everybody's for operators. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { ApiTokenDraft, ApiTokenMade } from "@/api/types"

export const PAGE_SIZE = 25
export const LIFETIMES = [7, 30, 90, 366] as const
/** Days. */
export const RESOURCES = [
  "courses",
  "sessions",
  "images",
  "environments",
  "rosters",
  "webhooks",
  "people",
  "capacity",
  "platforms",
] as const
export type Resource = (typeof RESOURCES)[number]
/** What only operators may do; their tokens alone can use these scopes. */
export const FOR_OPERATORS: readonly Resource[] = ["people", "capacity", "platforms"]
export type Access = "none" | "read" | "write"
export type Chosen = Partial<Record<Resource, Access>>
export type Scope = ApiTokenDraft["scopes"][number]

/** The scopes of what was chosen for each resource. */
export function scopesOf(chosen: Chosen): Scope[] {
  return RESOURCES.flatMap((resource) => {
    const access = chosen[resource] ?? "none"
    return access === "none" ? [] : [`${resource}:${access}` satisfies Scope]
  })
}

export type TokenState = "usable" | "expired" | "revoked"

export function stateOf(token: { expires_at: string; revoked_at: string | null }, now: Date) {
  if (token.revoked_at) return "revoked"
  return new Date(token.expires_at) <= now ? "expired" : "usable"
}

export function myTokens() {
  return api.queryOptions("get", "/api/me/api-tokens")
}

export type TokenFilter = { search?: string; page?: number }

export function everyToken({ search, page = 1 }: TokenFilter) {
  const query = { page, page_size: PAGE_SIZE, search }
  return api.queryOptions("get", "/api/api-tokens", { params: { query } })
}

/** Lists that a new or revoked token changes; those of service accounts count theirs. */
function isOfTokens({ queryKey }: { queryKey: readonly unknown[] }): boolean {
  const path = String(queryKey[1])
  return (
    ["/api/me/api-tokens", "/api/api-tokens"].includes(path) ||
    path.startsWith("/api/service-accounts")
  )
}

/** Creates a token of mine, or of a service account. */
export function useCreateToken(accountId?: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async (body: ApiTokenDraft): Promise<ApiTokenMade> => {
      const { data, error } = accountId
        ? await http.POST("/api/service-accounts/{account_id}/tokens", {
            params: { path: { account_id: accountId } },
            body,
          })
        : await http.POST("/api/me/api-tokens", { body })
      if (error) throw error
      return data
    },
    onSuccess: () => void cache.invalidateQueries({ predicate: isOfTokens }),
  })
}

export function useRevokeToken() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async (id: string) => {
      const params = { path: { token_id: id } }
      const { error } = await http.DELETE("/api/api-tokens/{token_id}", { params })
      if (error) throw error
    },
    onSettled: () => void cache.invalidateQueries({ predicate: isOfTokens }),
  })
}
