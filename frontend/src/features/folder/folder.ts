/** A person's own work folder as data. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { components } from "@/api/schema"
import type { ArchiveFormat, FileSource } from "@/ui/files/files"

export type FolderSnapshot = components["schemas"]["FolderSnapshot"]

export function ownFiles(courseId: string, snapshot: string | null): FileSource {
  const path = { course_id: courseId }
  const of: Record<string, string> = snapshot ? { snapshot } : {}
  return {
    key: ["own", courseId, snapshot],
    list: async (below) => {
      const params = { path, query: { path: below, ...of } }
      const { data, error } = await http.GET("/api/courses/{course_id}/folder/files", { params })
      if (error) throw error
      return data
    },
    contentOf: (below) => {
      const query = new URLSearchParams({ path: below, ...of })
      return `/api/courses/${courseId}/folder/content?${query}`
    },
    addressOf: async (paths: string[], format: ArchiveFormat) => {
      const body = { paths, format, snapshot }
      const { data, error } = await http.POST("/api/courses/{course_id}/folder/downloads", {
        params: { path },
        body,
      })
      if (error) throw error
      return data.url
    },
  }
}

/** The key of everything that is shown of this folder. */
export const shownFiles = (courseId: string) => ["files", "own", courseId]

export function useSnapshots(courseId: string) {
  return api.useQuery(
    "get",
    "/api/courses/{course_id}/folder/snapshots",
    { params: { path: { course_id: courseId } } },
    { staleTime: 0 },
  )
}

/** Put files of a snapshot back: these, or all. */
export function useRestore(courseId: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async ({ snapshot, paths }: { snapshot: string; paths: string[] }) => {
      const { data, error } = await http.POST(
        "/api/courses/{course_id}/folder/snapshots/{snapshot}/restore",
        { params: { path: { course_id: courseId, snapshot } }, body: { paths } },
      )
      if (error) throw error
      return data
    },
    onSettled: () =>
      Promise.all([
        cache.invalidateQueries({ queryKey: shownFiles(courseId) }),
        cache.invalidateQueries({
          predicate: ({ queryKey }) => queryKey[1] === "/api/courses/{course_id}/folder/snapshots",
        }),
      ]),
  })
}

/** Delete files and folders. */
export function useRemove(courseId: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async (paths: string[]) => {
      const { data, error } = await http.POST("/api/courses/{course_id}/folder/removals", {
        params: { path: { course_id: courseId } },
        body: { paths },
      })
      if (error) throw error
      return data
    },
    onSettled: () => cache.invalidateQueries({ queryKey: shownFiles(courseId) }),
  })
}
