/** Platforms as data: what operators see of them and do to them. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import { asProblem } from "@/api/problems"
import type { Platform, PlatformDraft, PlatformState } from "@/api/types"
import type { Edit } from "@/ui/editConflict/useEditConflict"

export const STATES = ["pending", "active", "disabled"] as const satisfies PlatformState[]
export type PlatformFilter = { search?: string; state?: PlatformState; page?: number }

export const PAGE_SIZE = 25
export const JOURNAL_SIZE = 10
const LAST_REFUSALS = 5

export function platformList(filter: PlatformFilter) {
  return api.queryOptions("get", "/api/platforms", {
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

const byId = (id: string) => ({ params: { path: { platform_id: id } } })

export function platformOf(id: string) {
  return api.queryOptions("get", "/api/platforms/{platform_id}", byId(id))
}

export function seenKeysOf(id: string) {
  return api.queryOptions("get", "/api/platforms/{platform_id}/keys", byId(id))
}

export function journalOf(id: string, page: number) {
  const query = { page, page_size: JOURNAL_SIZE }
  return api.queryOptions("get", "/api/platforms/{platform_id}/events", {
    params: { path: { platform_id: id }, query },
  })
}

export function earlierIssuersOf(id: string) {
  return api.queryOptions("get", "/api/platforms/{platform_id}/earlier-issuers", byId(id))
}

export function peopleOutlook(id: string, from_issuer: string, to_issuer?: string) {
  const query = { from_issuer, to_issuer }
  return api.queryOptions("get", "/api/platforms/{platform_id}/people", {
    params: { path: { platform_id: id }, query },
  })
}

export function disablingOutlook(id: string) {
  return api.queryOptions("get", "/api/platforms/{platform_id}/disabling", byId(id))
}

/** The platforms named by a refusal that asks for an explicit yes; null for any other. */
export function sharedWith(error: unknown): string | null {
  const { code, parameters } = asProblem(error)
  return code === "issuer_shared" ? String(parameters?.platforms ?? "") : null
}

export function lastRefusalsOf(id: string) {
  const query = { platform: id, page: 1, page_size: LAST_REFUSALS }
  return api.queryOptions("get", "/api/refusals", { params: { query } })
}

export const toolAddresses = () => api.queryOptions("get", "/api/platforms/tool")

export type PlatformAct = "approve" | "enable" | "disable"

async function answered<T>(call: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  const { data, error } = await call
  if (error) throw error
  return data as T
}

/** Everything that was read of platforms is out of date afterwards. */
function useChange<Wish, T>(change: (wish: Wish) => Promise<T>) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () =>
      cache.invalidateQueries({
        predicate: ({ queryKey }) => String(queryKey[1]).startsWith("/api/platforms"),
      }),
  })
}

export type Ordered = { act: PlatformAct; sharesPeople?: boolean }

export const useAct = (id: string) =>
  useChange(({ act, sharesPeople }: Ordered) =>
    answered(
      act === "approve"
        ? http.POST("/api/platforms/{platform_id}/approve", {
            params: { path: { platform_id: id }, query: { shares_people: sharesPeople } },
          })
        : http.POST(`/api/platforms/{platform_id}/${act}`, byId(id)),
    ),
  )

export const usePutDeployment = ({ id, etag }: Platform) =>
  useChange((body: { deployment_id: string; enabled: boolean }) =>
    answered(
      http.PUT("/api/platforms/{platform_id}/deployments", {
        params: { ...byId(id).params, header: { "If-Match": etag } },
        body,
      }),
    ),
  )

export const useFetchKeys = (id: string) =>
  useChange(() => answered(http.POST("/api/platforms/{platform_id}/keys", byId(id))))

export const useMovePeople = (id: string) =>
  useChange((from_issuer: string) =>
    answered(
      http.POST("/api/platforms/{platform_id}/people", { ...byId(id), body: { from_issuer } }),
    ),
  )

export type Added = { draft: PlatformDraft; sharesPeople?: boolean }

export const useAddPlatform = () =>
  useChange(({ draft, sharesPeople }: Added) =>
    answered<Platform>(
      http.POST("/api/platforms", {
        params: { query: { shares_people: sharesPeople } },
        body: draft,
      }),
    ),
  )

export type Changed = Edit<PlatformDraft> & {
  people?: "same" | "others"
  sharesPeople?: boolean
}

export const useChangePlatform = (id: string) =>
  useChange(({ draft, etag, people, sharesPeople }: Changed) =>
    answered<Platform>(
      http.PUT("/api/platforms/{platform_id}", {
        params: {
          path: { platform_id: id },
          header: { "If-Match": etag },
          query: { people, shares_people: sharesPeople },
        },
        body: draft,
      }),
    ),
  )
