/** What is stored about a person, as data: overview, export, folders, requests to erase it. */
import { keepPreviousData, useMutation, useQueryClient } from "@tanstack/react-query"
import { api, authorizedFetch, http } from "@/api/client"
import type { components } from "@/api/schema"
import { type ArchiveFormat, saveFrom } from "@/ui/files/files"

type Schemas = components["schemas"]
export type MyData = Schemas["MyData"]
export type SectionCount = Schemas["SectionCount"]
export type MyFolder = Schemas["MyFolder"]
export type ErasureRequestEntry = Schemas["ErasureRequestEntry"]
export type RequestState = Schemas["RequestState"]
export type RequestFilter = { search?: string; state?: RequestState; page?: number }

export const PAGE_SIZE = 25
export const STATES: RequestState[] = ["open", "done", "refused", "withdrawn"]

export const myData = () => api.queryOptions("get", "/api/my-data")
export const myFolders = () => api.queryOptions("get", "/api/my-folders")

export function requestList(filter: RequestFilter) {
  const query = {
    page: filter.page ?? 1,
    page_size: PAGE_SIZE,
    search: filter.search || undefined,
    state: filter.state ? [filter.state] : undefined,
  }
  return {
    ...api.queryOptions("get", "/api/erasure-requests", { params: { query } }),
    placeholderData: keepPreviousData,
  }
}

function useRefresh() {
  const cache = useQueryClient()
  return () =>
    cache.invalidateQueries({
      predicate: ({ queryKey }) =>
        /^\/api\/(my-data|my-folders|erasure-requests)/.test(String(queryKey[1] ?? "")),
    })
}

/** The export, saved by the browser. */
export function useExport() {
  return useMutation({
    mutationFn: async () => {
      const answer = await authorizedFetch("/api/my-data/export")
      if (!answer.ok) throw await answer.json()
      const address = URL.createObjectURL(await answer.blob())
      const link = document.createElement("a")
      link.href = address
      link.download = "mydocker-my-data.zip"
      link.click()
      setTimeout(() => URL.revokeObjectURL(address), 60_000)
    },
  })
}

export function useDownloadFolder() {
  return useMutation({
    mutationFn: async ({ id, format }: { id: string; format: ArchiveFormat }) => {
      const { data, error } = await http.POST("/api/my-data/folders/{environment_id}/downloads", {
        params: { path: { environment_id: id } },
        body: { format },
      })
      if (error) throw error
      return data.url
    },
    onSuccess: saveFrom,
  })
}

export function useAskErasure() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async (words: string) => {
      const { error } = await http.PUT("/api/my-data/erasure-request", { body: { words } })
      if (error) throw error
    },
    onSettled: () => void refresh(),
  })
}

export function useWithdraw() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async () => {
      const { error } = await http.DELETE("/api/my-data/erasure-request")
      if (error) throw error
    },
    onSettled: () => void refresh(),
  })
}

/** Carries a request out; with an answer, refuses it. */
export function useDecideErasure() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async ({ id, answer }: { id: string; answer?: string }) => {
      const params = { path: { request_id: id } }
      const { error } =
        answer === undefined
          ? await http.POST("/api/erasure-requests/{request_id}/carry-out", { params })
          : await http.POST("/api/erasure-requests/{request_id}/refuse", {
              params,
              body: { answer },
            })
      if (error) throw error
    },
    onSettled: () => void refresh(),
  })
}
