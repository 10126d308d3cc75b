/** Refused sign-ins as data. */
import { api } from "@/api/client"

export type RefusalFilter = { search?: string; reason?: string; platform?: string; page?: number }

export const PAGE_SIZE = 25

export function refusalList(filter: RefusalFilter) {
  const query = {
    page: filter.page ?? 1,
    page_size: PAGE_SIZE,
    search: filter.search || undefined,
    reason: filter.reason,
    platform: filter.platform,
  }
  return api.queryOptions("get", "/api/refusals", { params: { query } })
}
