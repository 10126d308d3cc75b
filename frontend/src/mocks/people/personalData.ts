/** What is stored about the person of the fake campus, and requests to erase it. */
import { HttpResponse } from "msw"
import type { components } from "@/api/schema"
import { problem } from "@/mocks/answers"
import { uuid } from "@/mocks/db"
import { fake } from "@/mocks/fake"

type Schemas = components["schemas"]

const days = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString()
const COUNTS: [Schemas["DataSection"], number, Schemas["AfterErasure"]][] = [
  ["identities", 2, "erased"],
  ["roles", 3, "erased"],
  ["courses_owned", 0, "handed_over"],
  ["images_owned", 0, "handed_over"],
  ["memberships", 4, "erased"],
  ["environments", 4, "anonymous"],
  ["submissions", 7, "erased"],
  ["use", 61, "anonymous"],
  ["visits", 2, "anonymous"],
  ["messages", 5, "erased"],
  ["messages_sent", 0, "anonymous"],
  ["extra_time", 1, "erased"],
  ["scores", 3, "erased"],
  ["ssh_keys", 1, "erased"],
  ["api_tokens", 0, "erased"],
  ["shares", 0, "erased"],
]
let request: Schemas["ErasureRequestShown"] | null = null
const entry = (
  number: number,
  name: string,
  of: Partial<Schemas["ErasureRequestEntry"]> = {},
): Schemas["ErasureRequestEntry"] => ({
  id: uuid(15, number),
  user_id: uuid(9, 40 + number),
  name,
  email: `${name.split(" ")[0]?.toLowerCase()}@example.org`,
  state: "open",
  words: "",
  asked_at: days(-number),
  decided_at: null,
  answer: "",
  folders: 3,
  owned: 0,
  ...of,
})
const REQUESTS = [
  entry(4, "Edsger Dijkstra", { words: "I left the school in June." }),
  entry(2, "Barbara Liskov", { owned: 2, folders: 1 }),
  entry(1, "Alan Turing", { state: "refused", answer: "The exam is not graded yet." }),
]

export const personalDataHandlers = [
  fake.get("/api/my-data", () =>
    HttpResponse.json<Schemas["MyData"]>({
      name: "Claire Fontaine",
      email: "claire.fontaine@example.edu",
      created_at: days(-430),
      sections: COUNTS.map(([section, count, after]) => ({ section, count, after })),
      request,
      owned: 0,
    }),
  ),
  fake.post("/api/my-data/folders/{environment_id}/downloads", () =>
    HttpResponse.json<Schemas["DownloadAddress"]>({
      url: "/fake-download",
      name: "work.zip",
      expires_at: days(1),
    }),
  ),
  fake.put("/api/my-data/erasure-request", async ({ request: sent }) => {
    const { words } = await sent.json()
    if (request?.state === "open") return problem(409, "erasure_asked")
    request = {
      id: uuid(15, 9),
      state: "open",
      words: words ?? "",
      asked_at: days(0),
      decided_at: null,
      answer: "",
    }
    return HttpResponse.json(request)
  }),
  fake.delete("/api/my-data/erasure-request", () => {
    request = null
    return new HttpResponse(null, { status: 204 })
  }),
  fake.get("/api/erasure-requests", ({ request: sent }) => {
    const states = new URL(sent.url).searchParams.getAll("state")
    const items = REQUESTS.filter(({ state }) => states.length === 0 || states.includes(state))
    const page = { total: items.length, page: 1, page_size: 25, next_cursor: null }
    return HttpResponse.json<Schemas["Page_ErasureRequestEntry_"]>({ items, ...page })
  }),
  fake.post("/api/erasure-requests/{request_id}/carry-out", ({ params }) => {
    const chosen = REQUESTS.find(({ id }) => id === params.request_id)
    if (!chosen) return problem(404, "not_found")
    chosen.state = "done"
    return HttpResponse.json(chosen)
  }),
  fake.post("/api/erasure-requests/{request_id}/refuse", async ({ params, request: sent }) => {
    const chosen = REQUESTS.find(({ id }) => id === params.request_id)
    if (!chosen) return problem(404, "not_found")
    chosen.state = "refused"
    chosen.answer = (await sent.json()).answer
    return HttpResponse.json(chosen)
  }),
]
