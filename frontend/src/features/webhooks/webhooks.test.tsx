/** Webhooks: the secret is shown once, deliveries are shown and sent again, deleting asks first. */
import { screen, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { HttpResponse, http } from "msw"
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { startI18n } from "@/lib/i18n"
import { answerWithFakeApi, showPage } from "@/test-page"
import { CreateWebhook } from "./CreateWebhook"
import { WebhookCard } from "./WebhookCard"

const WEBHOOK = {
  id: "w1",
  name: "Dashboard",
  url: "https://dashboard.example.org/hook",
  kinds: ["session.changed" as const],
  enabled: true,
  etag: '"1"',
  created_at: "2026-11-28T10:00:00Z",
  disabled_because: null,
  disabled_at: null,
  failing_since: null,
  waiting: 0,
}
const sent: unknown[] = []
const answers = [
  http.get("/api/me", () => HttpResponse.json({ can: ["create_courses"] })),
  http.post("/api/webhooks", async ({ request }) => {
    sent.push(await request.json())
    return HttpResponse.json({ ...WEBHOOK, secret: "whsec_c2VjcmV0" }, { status: 201 })
  }),
  http.delete("/api/webhooks/:id", ({ params, request }) => {
    sent.push([params.id, request.headers.get("If-Match")])
    return new HttpResponse(null, { status: 204 })
  }),
  http.post("/api/webhooks/:id/deliveries/:delivery/replay", ({ params }) => {
    sent.push(["replay", params.delivery])
    return HttpResponse.json({}, { status: 202 })
  }),
  http.get("/api/webhooks/:id/deliveries", () =>
    HttpResponse.json({
      items: [
        {
          id: "d1",
          kind: "session.changed",
          subject_id: "s1",
          message: {},
          state: "failed",
          attempts: 12,
          created_at: "2026-11-28T10:00:00Z",
          tried_at: "2026-11-29T10:00:00Z",
          next_try_at: null,
          status: 503,
          excerpt: "maintenance",
          error: null,
          took_ms: 12,
        },
      ],
      total: 1,
      page: 1,
      page_size: 25,
    }),
  ),
]

beforeAll(async () => {
  answerWithFakeApi({ first: answers })
  await startI18n()
})
afterEach(() => sent.splice(0))

describe("creating a webhook", () => {
  it("asks for what is missing, then shows the secret once", async () => {
    await showPage(<CreateWebhook />)
    await userEvent.click(await screen.findByRole("button", { name: "Create the webhook" }))
    expect(screen.getByText("Give the webhook a name.")).toBeTruthy()
    expect(screen.getByText("Enter the address.")).toBeTruthy()
    expect(screen.getByRole("alert").textContent).toBe("Choose at least one kind of change.")
    expect(sent).toEqual([])
    expect(screen.queryByRole("checkbox", { name: "Platforms" })).toBeNull()
    await userEvent.click(screen.getByRole("textbox", { name: /Name/ }))
    await userEvent.paste("Dashboard")
    await userEvent.click(screen.getByRole("textbox", { name: /Address/ }))
    await userEvent.paste(WEBHOOK.url)
    await userEvent.click(screen.getByRole("checkbox", { name: "Sessions" }))
    await userEvent.click(screen.getByRole("button", { name: "Create the webhook" }))
    expect(await screen.findByText("whsec_c2VjcmV0")).toBeTruthy()
    expect(sent).toEqual([
      { name: "Dashboard", url: WEBHOOK.url, kinds: ["session.changed"], enabled: true },
    ])
  })
})

describe("a webhook", () => {
  it("shows how deliveries were answered, and sends one again", async () => {
    await showPage(<WebhookCard webhook={WEBHOOK} />)
    await userEvent.click(await screen.findByRole("button", { name: "Show deliveries" }))
    expect(await screen.findByText("maintenance")).toBeTruthy()
    expect(screen.getByText("Given up")).toBeTruthy()
    await userEvent.click(screen.getByRole("button", { name: "Send again: session.changed" }))
    await vi.waitFor(() => expect(sent).toEqual([["replay", "d1"]]))
  })

  it("is deleted after a question, in the version that is shown", async () => {
    await showPage(<WebhookCard webhook={WEBHOOK} />)
    await userEvent.click(
      await screen.findByRole("button", { name: "Delete the webhook Dashboard" }),
    )
    expect(sent).toEqual([])
    const dialog = await screen.findByRole("dialog")
    await userEvent.click(within(dialog).getByRole("button", { name: "Delete" }))
    await vi.waitFor(() => expect(sent).toEqual([["w1", '"1"']]))
  })

  it("says why it is disabled", async () => {
    await showPage(
      <WebhookCard webhook={{ ...WEBHOOK, enabled: false, disabled_because: "failing" }} />,
    )
    expect(await screen.findByText(/No delivery was accepted for three days/)).toBeTruthy()
    const test = screen.getByRole("button", { name: "Send a test" })
    expect((test as HTMLButtonElement).disabled).toBe(true)
  })
})
