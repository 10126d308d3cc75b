/** Sends what was dropped or chosen into the own work folder. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useRef, useState } from "react"
import { http } from "@/api/client"
import { asProblem } from "@/api/problems"
import type { Chosen, FolderFile } from "@/lib/transfer/dropped"
import { discardUpload, upload } from "@/lib/transfer/upload"
import type { FileSource } from "@/ui/files/files"
import { shownFiles } from "./folder"

export type SendProgress = { name: string; number: number; count: number; fraction: number }

/** The files with the paths that they get. An archive stays one file. */
export function filesOf(chosen: Chosen): FolderFile[] {
  if (chosen.kind === "archive") return [{ path: chosen.file.name, file: chosen.file }]
  if (chosen.kind === "files" || !chosen.name) return chosen.files
  return chosen.files.map(({ path, file }) => ({ path: `${chosen.name}/${path}`, file }))
}

/** Which of these paths are in the folder already: they are asked about before anything is sent. */
export async function pathsThere(source: FileSource, files: FolderFile[]): Promise<string[]> {
  const folders = new Set(
    files.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf("/")))),
  )
  const there = new Set<string>()
  for (const folder of folders) {
    try {
      const { entries } = await source.list(folder)
      for (const { name } of entries) there.add(folder ? `${folder}/${name}` : name)
    } catch (error) {
      if (asProblem(error).code !== "file_missing") throw error
    }
  }
  return files.map(({ path }) => path).filter((path) => there.has(path))
}

/** Sends files one by one, with the progress of all; `cancel` gives up the one that is sent. */
export function useSend(courseId: string) {
  const cache = useQueryClient()
  const [progress, setProgress] = useState<SendProgress | null>(null)
  const cancelling = useRef<AbortController | null>(null)
  const sending = useMutation({
    mutationFn: async ({ files, replace }: { files: FolderFile[]; replace: boolean }) => {
      cancelling.current = new AbortController()
      const { signal } = cancelling.current
      for (const [index, { path, file }] of files.entries()) {
        const at = (fraction: number) =>
          setProgress({ name: path, number: index + 1, count: files.length, fraction })
        at(0)
        const upload_id = await upload(file, { signal, onProgress: at })
        const { error } = await http.POST("/api/courses/{course_id}/folder/files", {
          params: { path: { course_id: courseId } },
          body: { upload_id, path, replace },
        })
        if (error) {
          discardUpload(upload_id)
          throw error
        }
      }
      return files.length
    },
    onSettled: () => {
      setProgress(null)
      return cache.invalidateQueries({ queryKey: shownFiles(courseId) })
    },
  })
  return { ...sending, progress, cancel: () => cancelling.current?.abort() }
}
