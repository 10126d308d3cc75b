/** Webhooks as data: mine, what was sent to one, and everybody's for operators. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { WebhookDraft, WebhookMade, WebhookShown } from "@/api/types"

export const PAGE_SIZE = 25
export const KINDS = [
  "environment.changed",
  "build.changed",
  "course.changed",
  "session.changed",
  "platform.changed",
] as const
export type Kind = (typeof KINDS)[number]
/** What only operators learn of. */
export const FOR_OPERATORS: readonly Kind[] = ["platform.changed"]

/** The key of a kind's text: i18next reads a dot as a level. */
export function kindKey(kind: Kind): "environment" | "build" | "course" | "session" | "platform" {
  return kind.split(".")[0] as ReturnType<typeof kindKey>
}

export function myWebhooks() {
  return api.queryOptions("get", "/api/webhooks")
}

export type WebhookFilter = { search?: string; page?: number }

export function everyWebhook({ search, page = 1 }: WebhookFilter) {
  const query = { page, page_size: PAGE_SIZE, search }
  return api.queryOptions("get", "/api/webhooks/everybody", { params: { query } })
}

export function deliveriesOf(id: string, page = 1) {
  const params = { path: { webhook_id: id }, query: { page, page_size: PAGE_SIZE } }
  return api.queryOptions("get", "/api/webhooks/{webhook_id}/deliveries", { params })
}

function isOfWebhooks({ queryKey }: { queryKey: readonly unknown[] }): boolean {
  return String(queryKey[1]).startsWith("/api/webhooks")
}

function useAct<Input, Output>(act: (input: Input) => Promise<Output>) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSettled: () => void cache.invalidateQueries({ predicate: isOfWebhooks }),
  })
}

export function useCreateWebhook() {
  return useAct(async (body: WebhookDraft): Promise<WebhookMade> => {
    const { data, error } = await http.POST("/api/webhooks", { body })
    if (error) throw error
    return data
  })
}

export function useEnableWebhook() {
  return useAct(async ({ webhook, enabled }: { webhook: WebhookShown; enabled: boolean }) => {
    const { name, url, kinds, id, etag } = webhook
    const { error } = await http.PUT("/api/webhooks/{webhook_id}", {
      params: { path: { webhook_id: id }, header: { "If-Match": etag } },
      body: { name, url, kinds, enabled },
    })
    if (error) throw error
  })
}

export function useDeleteWebhook() {
  return useAct(async ({ id, etag }: WebhookShown) => {
    const params = { path: { webhook_id: id }, header: { "If-Match": etag } }
    const { error } = await http.DELETE("/api/webhooks/{webhook_id}", { params })
    if (error) throw error
  })
}

export function useRenewSecret() {
  return useAct(async (id: string): Promise<WebhookMade> => {
    const params = { path: { webhook_id: id } }
    const { data, error } = await http.POST("/api/webhooks/{webhook_id}/secret", { params })
    if (error) throw error
    return data
  })
}

export function useTestWebhook() {
  return useAct(async (id: string) => {
    const params = { path: { webhook_id: id } }
    const { error } = await http.POST("/api/webhooks/{webhook_id}/test", { params })
    if (error) throw error
  })
}

export function useReplay(webhookId: string) {
  return useAct(async (id: string) => {
    const params = { path: { webhook_id: webhookId, delivery_id: id } }
    const path = "/api/webhooks/{webhook_id}/deliveries/{delivery_id}/replay"
    const { error } = await http.POST(path, { params })
    if (error) throw error
  })
}
