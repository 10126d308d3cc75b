/** Webhooks for working on the page: one that works, one that fails. */
import { HttpResponse } from "msw"
import type { DeliveryShown, WebhookOfPerson, WebhookShown } from "@/api/types"
import { missing } from "@/mocks/answers"
import { uuid } from "@/mocks/db"
import { fake } from "@/mocks/fake"

const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="

function webhook(number: number, name: string, facts: Partial<WebhookShown> = {}): WebhookShown {
  return {
    id: uuid(14, number),
    name,
    url: "https://dashboard.example.org/hooks/mydocker",
    kinds: ["environment.changed", "session.changed"],
    enabled: true,
    etag: `"${number}"`,
    created_at: at(-900),
    disabled_because: null,
    disabled_at: null,
    failing_since: null,
    waiting: 0,
    ...facts,
  }
}

function delivery(number: number, facts: Partial<DeliveryShown> = {}): DeliveryShown {
  return {
    id: uuid(15, number),
    kind: "session.changed",
    subject_id: uuid(3, 1),
    message: { type: "session.changed", timestamp: at(-number), data: { number } },
    state: "delivered",
    attempts: 1,
    created_at: at(-number),
    tried_at: at(-number),
    next_try_at: null,
    status: 200,
    excerpt: "ok",
    error: null,
    took_ms: 84,
    ...facts,
  }
}

const mine: WebhookShown[] = [
  webhook(1, "Dashboard"),
  webhook(2, "School information system", {
    url: "https://sis.example.org/mydocker/events?tenant=science",
    failing_since: at(-5),
    waiting: 3,
  }),
  webhook(3, "Old laptop", { enabled: false, disabled_because: "failing", disabled_at: at(-50) }),
]
const sent: DeliveryShown[] = [
  delivery(1, { state: "waiting", attempts: 4, status: 503, excerpt: "maintenance" }),
  delivery(2),
  delivery(3, { state: "failed", attempts: 12, status: null, excerpt: null, error: "timeout" }),
]

function everybody(): WebhookOfPerson[] {
  const owners = ["Claire Fontaine", "School information system", "Hugo Martin"]
  return mine.map(({ url, etag: _etag, ...own }, index) => ({
    ...own,
    origin: new URL(url).origin,
    owner_id: uuid(9, index + 1),
    owner_name: owners[index] ?? "Claire Fontaine",
    owner_is_inactive: index === 1,
  }))
}

export const webhookHandlers = [
  fake.get("/api/webhooks/everybody", () => {
    const items = everybody()
    return HttpResponse.json({ items, total: items.length, page: 1, page_size: 25 })
  }),
  fake.get("/api/webhooks", () => HttpResponse.json(mine)),
  fake.post("/api/webhooks", async ({ request }) => {
    const draft = await request.json()
    const made = webhook(9, draft.name, { url: draft.url, kinds: draft.kinds })
    mine.push(made)
    return HttpResponse.json({ ...made, secret: SECRET }, { status: 201 })
  }),
  fake.put("/api/webhooks/{webhook_id}", async ({ params, request }) => {
    const draft = await request.json()
    const changed = mine.find(({ id }) => id === params.webhook_id)
    if (!changed) return missing()
    changed.enabled = draft.enabled ?? true
    changed.disabled_because = changed.enabled ? null : "owner"
    changed.failing_since = null
    return HttpResponse.json(changed)
  }),
  fake.delete("/api/webhooks/{webhook_id}", ({ params }) => {
    mine.splice(
      mine.findIndex(({ id }) => id === params.webhook_id),
      1,
    )
    return new HttpResponse(null, { status: 204 })
  }),
  fake.post("/api/webhooks/{webhook_id}/secret", ({ params }) => {
    const own = mine.find(({ id }) => id === params.webhook_id)
    return own ? HttpResponse.json({ ...own, secret: SECRET }) : missing()
  }),
  fake.post("/api/webhooks/{webhook_id}/test", () => {
    const test = delivery(4, { kind: "webhook.test", created_at: at(0) })
    sent.unshift(test)
    return HttpResponse.json(test, { status: 202 })
  }),
  fake.get("/api/webhooks/{webhook_id}/deliveries", () =>
    HttpResponse.json({ items: sent, total: sent.length, page: 1, page_size: 25 }),
  ),
  fake.post("/api/webhooks/{webhook_id}/deliveries/{delivery_id}/replay", ({ params }) => {
    const again = sent.find(({ id }) => id === params.delivery_id)
    return HttpResponse.json(again, { status: 202 })
  }),
]
