/** People as data: what operators see and decide. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { PeopleKind, PersonCan } from "@/api/types"
import { useLive } from "@/lib/live"

export const KINDS = [
  "waiting",
  "builders",
  "operators",
  "disabled",
] as const satisfies PeopleKind[]
export type PeopleFilter = { search?: string; kind?: PeopleKind; page?: number }

export const PAGE_SIZE = 25

export function peopleList(filter: PeopleFilter) {
  return api.queryOptions("get", "/api/people", {
    params: {
      query: {
        page: filter.page ?? 1,
        page_size: PAGE_SIZE,
        search: filter.search || undefined,
        kind: filter.kind,
      },
    },
  })
}

/** What is decided, about whom; disabling says why. */
export type Decision = { personId: string; act: PersonCan; reason?: string }

async function decide({ personId, act, reason = "" }: Decision): Promise<void> {
  const params = { path: { person_id: personId } }
  const { error } = await request()
  if (error) throw error

  function request() {
    switch (act) {
      case "make_operator":
        return http.PUT("/api/people/{person_id}/operator", { params })
      case "unmake_operator":
        return http.DELETE("/api/people/{person_id}/operator", { params })
      case "approve_build":
        return http.PUT("/api/people/{person_id}/build-approval", { params })
      case "withdraw_build":
        return http.DELETE("/api/people/{person_id}/build-approval", { params })
      case "disable":
        return http.PUT("/api/people/{person_id}/disabled", { params, body: { reason } })
      case "enable":
        return http.DELETE("/api/people/{person_id}/disabled", { params })
    }
  }
}

function isOfPeople({ queryKey }: { queryKey: readonly unknown[] }): boolean {
  return ["/api/people", "/api/me"].includes(String(queryKey[1]))
}

export function useDecide() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: decide,
    onSuccess: () => cache.invalidateQueries({ predicate: isOfPeople }),
  })
}

/** Keeps one's own rights, and the list of everybody's, in step with what operators decide. */
export function useLivePeople(): void {
  const cache = useQueryClient()
  useLive(
    (change) => change.kind === "person.changed",
    () => void cache.invalidateQueries({ predicate: isOfPeopleOrImages }),
  )
}

/** What may be done with an Image follows from the same rights. */
function isOfPeopleOrImages(query: { queryKey: readonly unknown[] }): boolean {
  return isOfPeople(query) || String(query.queryKey[1]).startsWith("/api/images")
}
