/** A course as a file: saved, sent, looked at, imported. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useRef, useState } from "react"
import { authorizedFetch, http } from "@/api/client"
import type { components } from "@/api/schema"
import type { Course } from "@/api/types"
import { saveBlob } from "@/lib/transfer/saveBlob"
import { upload } from "@/lib/transfer/upload"

type Schemas = components["schemas"]
export type ImportCheck = Schemas["ImportCheck"]
export type ImportedCourse = Schemas["ImportedCourse"]
export type ImportedRecipe = Schemas["ImportedRecipe"]
export type ImageOrigin = Schemas["RecipeOrigin"]
export type ImportOrder = Omit<Schemas["ImportOrder"], "upload_id" | "zone">
/** A file that has arrived, and what an import of it would make. */
export type Read = { uploadId: string; check: ImportCheck }

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

export function useExportCourse(course: Course) {
  return useMutation({
    mutationFn: async () => {
      const answer = await authorizedFetch(
        `/api/courses/${course.id}/export?zone=${encodeURIComponent(zone())}`,
      )
      if (!answer.ok) throw await answer.json()
      const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")
      saveBlob(await answer.blob(), name?.[1] ?? "course.zip")
    },
  })
}

/** Sends a file and looks into it; `sent` rises from 0 to 1. */
export function useReadCourseFile() {
  const [sent, setSent] = useState<number | null>(null)
  const cancelling = useRef<AbortController | null>(null)
  const reading = useMutation({
    mutationFn: async (file: File): Promise<Read> => {
      cancelling.current = new AbortController()
      setSent(0)
      const uploadId = await upload(file, {
        signal: cancelling.current.signal,
        onProgress: setSent,
      })
      const { data, error } = await http.POST("/api/course-imports/check", {
        body: { upload_id: uploadId },
      })
      if (error) throw error
      return { uploadId, check: data }
    },
    onSettled: () => setSent(null),
  })
  return { ...reading, sent, cancel: () => cancelling.current?.abort() }
}

export function useImportCourse(uploadId: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async (order: ImportOrder): Promise<ImportedCourse> => {
      const body = { ...order, upload_id: uploadId, zone: zone() }
      const { data, error } = await http.POST("/api/course-imports", { body })
      if (error) throw error
      return data
    },
    onSuccess: () =>
      cache.invalidateQueries({
        predicate: ({ queryKey }) => /^\/api\/(courses|sessions|images)/.test(String(queryKey[1])),
      }),
  })
}
