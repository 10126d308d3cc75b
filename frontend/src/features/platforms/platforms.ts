/** Platforms as data. */
import { api } from "@/api/client"
import type { PlatformState } from "@/api/types"

export const STATES = ["pending", "active", "disabled"] as const satisfies PlatformState[]
export type PlatformFilter = { search?: string; state?: PlatformState; page?: number }

export const PAGE_SIZE = 25

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
