/** Using and copying entries of the catalogue. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { http } from "@/api/client"
import type { CatalogueEntry, CourseDraft } from "@/api/types"
import { catalogue, entryDefaults } from "@/ui/catalogue/entries"

async function answer<T>(request: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  const { data, error } = await request
  if (error) throw error
  return data as T
}

type Use = { entry: CatalogueEntry; title: string; description: string }

/** A draft Course that runs the entry, with its tested resources. */
export function useEntryInCourse() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({ entry, title, description }: Use) => {
      const body: CourseDraft = {
        title,
        description,
        status: "draft",
        command: "",
        lease: { minutes: null, hard_limit_minutes: null, notify: true, sound: true },
        window: { hidden_ports: [], links: [] },
        submissions: { allowed: false, in_sessions: false },
        max_environments: null,
        ...entryDefaults(entry),
      }
      return answer(http.POST("/api/courses", { body }))
    },
    onSuccess: () => void refresh(cache, /^\/api\/(courses|catalogue)/),
  })
}

export function useCopyEntry() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (name: string) =>
      answer(http.POST("/api/catalogue/{name}/copy", { params: { path: { name } } })),
    onSuccess: () => void refresh(cache, /^\/api\/images/),
  })
}

export function useRebuildEntry() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (name: string) =>
      answer(http.POST("/api/catalogue/{name}/builds", { params: { path: { name } } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: catalogue().queryKey }),
  })
}

function refresh(cache: ReturnType<typeof useQueryClient>, paths: RegExp) {
  return cache.invalidateQueries({
    predicate: ({ queryKey }) => paths.test(String(queryKey[1])),
  })
}
