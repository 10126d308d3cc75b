/** The kinds of machines a Course may choose. */
import { useQuery } from "@tanstack/react-query"
import { api } from "@/api/client"
import type { Pool } from "@/api/types"

export const DEFAULT_POOL = "default"

export function poolChoices() {
  return api.queryOptions("get", "/api/pool-choices")
}

/** The choices, and the one a form holds: the Course's own as long as nothing else is known. */
export function usePools(chosen: string | null, own: Pool): { pools: Pool[]; pool: Pool } {
  const { data: pools = [own] } = useQuery(poolChoices())
  const name = chosen ?? DEFAULT_POOL
  return { pools, pool: pools.find((choice) => choice.name === name) ?? own }
}
