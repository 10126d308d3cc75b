/** The catalogue as data, and what a Course takes over from an entry. */
import { api } from "@/api/client"
import type { CatalogueEntry, CourseDraft } from "@/api/types"

const WHILE_PREPARING = 5000

export function catalogue() {
  return api.queryOptions(
    "get",
    "/api/catalogue",
    {},
    {
      refetchInterval: ({ state }) =>
        state.data?.some((entry) => entry.state === "preparing") ? WHILE_PREPARING : false,
    },
  )
}

type Defaults = Pick<
  CourseDraft,
  "build_id" | "ports" | "profile" | "resources" | "work_folder" | "show_username" | "show_password"
>

/** A web page opens signed in: credentials are shown where something else asks for them. */
export function entryDefaults(entry: CatalogueEntry): Defaults {
  const asks = entry.ports.some(({ kind }) => kind !== "web" && kind !== "https")
  return {
    build_id: entry.build_id,
    ports: entry.ports,
    profile: entry.profile,
    resources: {
      pool: null,
      gpu: null,
      cpu: entry.resources.cpu ?? null,
      memory_mib: entry.resources.memory_mib ?? null,
    },
    work_folder: { save: true, path: entry.work_path },
    show_username: asks,
    show_password: asks,
  }
}
