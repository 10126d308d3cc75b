/** The files of an Image as data. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useRef, useState } from "react"
import { api, authorizedFetch, http } from "@/api/client"
import { asProblem } from "@/api/problems"
import type { components } from "@/api/schema"
import type { Chosen } from "@/lib/transfer/dropped"
import { saveBlob } from "@/lib/transfer/saveBlob"
import { upload } from "@/lib/transfer/upload"
import { packed } from "./tarball"

export type Context = components["schemas"]["Context"]
export type ContextFile = components["schemas"]["ContextFile"]
export type Progress = { step: "packing" | "sending" | "unpacking"; fraction: number }

export function contextOf(imageId: string) {
  return api.queryOptions("get", "/api/images/{image_id}/context", {
    params: { path: { image_id: imageId } },
  })
}

async function answer<T>(request: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  const { data, error } = await request
  if (error) throw error
  return data as T
}

/** The files that the page shows: their version, what a change made of them, and a new look. */
function useShown(imageId: string) {
  const cache = useQueryClient()
  const { queryKey } = contextOf(imageId)
  return {
    etag: () => cache.getQueryData<Context>(queryKey)?.etag ?? "",
    keep: (context: Context) => cache.setQueryData(queryKey, context),
    /** Somebody else, or another tab, was first: show what is there now. */
    lookAgain: (error: Error) => {
      if (asProblem(error).code === "edited_meanwhile") void cache.invalidateQueries({ queryKey })
    },
  }
}

const changing = (image_id: string, etag: string) => ({
  path: { image_id },
  header: { "If-Match": etag },
})

/** Sends what was chosen, with its progress; `cancel` gives it up. */
export function useSendFiles(imageId: string) {
  const shown = useShown(imageId)
  const [progress, setProgress] = useState<Progress | null>(null)
  const cancelling = useRef<AbortController | null>(null)
  const sending = useMutation({
    mutationFn: async ({ chosen, folder = "" }: { chosen: Chosen; folder?: string }) => {
      cancelling.current = new AbortController()
      const { signal } = cancelling.current
      let params = changing(imageId, shown.etag())
      const send = (file: Blob, done = 0, of = 1) =>
        upload(file, {
          signal,
          onProgress: (part) => setProgress({ step: "sending", fraction: (done + part) / of }),
        })
      if (chosen.kind === "files") {
        for (const [index, { path, file }] of chosen.files.entries()) {
          setProgress({ step: "sending", fraction: index / chosen.files.length })
          const id = await send(file, index, chosen.files.length)
          const body = { upload_id: id, path: folder + path }
          const context: Context = await answer(
            http.PUT("/api/images/{image_id}/context/files", { params, body }),
          )
          shown.keep(context)
          params = changing(imageId, context.etag)
        }
        return
      }
      setProgress({ step: "packing", fraction: 0 })
      const archive = chosen.kind === "folder" ? await packed(chosen.files) : chosen.file
      setProgress({ step: "sending", fraction: 0 })
      const body = { upload_id: await send(archive) }
      setProgress({ step: "unpacking", fraction: 1 })
      shown.keep(await answer(http.PUT("/api/images/{image_id}/context", { params, body })))
    },
    onError: shown.lookAgain,
    onSettled: () => setProgress(null),
  })
  return { ...sending, progress, cancel: () => cancelling.current?.abort() }
}

export function useRemoveFile(imageId: string) {
  const shown = useShown(imageId)
  return useMutation({
    mutationFn: (path: string | null) => {
      const params = changing(imageId, shown.etag())
      return path === null
        ? answer(http.DELETE("/api/images/{image_id}/context", { params }))
        : answer(
            http.DELETE("/api/images/{image_id}/context/files/{path}", {
              params: { ...params, path: { ...params.path, path } },
            }),
          )
    },
    onSuccess: shown.keep,
    onError: shown.lookAgain,
  })
}

/** The content of a file, or of all as an archive. */
export async function contentOf(imageId: string, path: string | null): Promise<Blob> {
  const suffix =
    path === null ? "archive" : `files/${path.split("/").map(encodeURIComponent).join("/")}`
  const answer = await authorizedFetch(`/api/images/${imageId}/context/${suffix}`)
  if (!answer.ok) throw await answer.json()
  return answer.blob()
}

/** Hand a file to the browser to save. */
export async function download(imageId: string, path: string | null): Promise<void> {
  saveBlob(await contentOf(imageId, path), path?.split("/").at(-1) ?? "context.tar.gz")
}
