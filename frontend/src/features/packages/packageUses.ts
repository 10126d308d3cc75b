/** Which builds contain a package, as operators search it. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import { api } from "@/api/client"

/** `search` is a name, then perhaps the beginning of a version: `openssl 3.0.11`. */
export type PackageFilter = { search?: string; page?: number }

export const PAGE_SIZE = 25

export function packageUses(filter: PackageFilter) {
  const [name = "", version = ""] = (filter.search ?? "").trim().split(/\s+/)
  return queryOptions({
    ...api.queryOptions("get", "/api/packages", {
      params: {
        query: {
          name,
          version: version || undefined,
          page: filter.page ?? 1,
          page_size: PAGE_SIZE,
        },
      },
    }),
    enabled: name !== "",
    placeholderData: keepPreviousData,
  })
}

export function packageCoverage() {
  return api.queryOptions("get", "/api/package-coverage")
}
