/** The dialog about rights: what is sent, what it says, and what others see of it. */
import { MantineProvider } from "@mantine/core"
import { QueryClientProvider } from "@tanstack/react-query"
import { render, screen, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { HttpResponse, http } from "msw"
import { setupServer } from "msw/node"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { queryClient } from "@/api/client"
import type { RightHolder, Sharing } from "@/api/types"
import { startI18n } from "@/lib/i18n"
import { handlers } from "@/mocks/handlers"
import { theme } from "@/theme/theme"
import { ShareDialog } from "./ShareDialog"

const COURSE = { kind: "course", id: "c1", title: "Ciphers" } as const
const OWNER: RightHolder = {
  name: "Grace",
  email: null,
  right: "edit",
  origin: "owner",
  is_me: true,
}
const LINUS: RightHolder = {
  name: "Linus",
  email: "linus@example.org",
  right: "view",
  origin: "share",
  share_id: "s1",
  user_id: "u2",
  is_me: false,
}
const INVITED: RightHolder = {
  ...LINUS,
  name: null,
  email: "ken@example.org",
  share_id: "s2",
  user_id: null,
}
const SHARING: Sharing = {
  people: [OWNER, LINUS, INVITED],
  may_share: true,
  rights: ["test", "view", "edit"],
  platforms: [{ issuer: "https://moodle.example.org", title: "moodle.example.org" }],
}

const sent: unknown[] = []
let sharing = SHARING
let refusal: object | null = null
const record = async ({ request }: { request: Request }) => {
  const body =
    request.method === "PUT" || request.url.endsWith("/shares") ? await request.json() : null
  sent.push([request.method, new URL(request.url).pathname, body])
  return refusal ? HttpResponse.json(refusal, { status: 409 }) : HttpResponse.json(sharing)
}
const server = setupServer(
  http.get("/api/courses/c1/shares", () => HttpResponse.json(sharing)),
  http.post("/api/courses/c1/shares", record),
  http.put("/api/courses/c1/shares/:share", record),
  http.post("/api/courses/c1/shares/:share/owner", record),
  http.delete("/api/courses/c1/shares/:share", ({ request }) => {
    sent.push([request.method, new URL(request.url).pathname, null])
    return new HttpResponse(null, { status: 204 })
  }),
  ...handlers,
)

beforeAll(async () => {
  server.listen()
  await startI18n()
})
afterEach(() => {
  sent.splice(0)
  sharing = SHARING
  refusal = null
  queryClient.clear()
})
afterAll(() => server.close())

async function show() {
  const onClose = vi.fn()
  render(
    <QueryClientProvider client={queryClient}>
      <MantineProvider theme={theme} env="test">
        <ShareDialog shared={COURSE} onClose={onClose} />
      </MantineProvider>
    </QueryClientProvider>,
  )
  return { user: userEvent.setup(), onClose, list: await screen.findByRole("list") }
}

describe("the owner", () => {
  it("gives a right to an address of the platform", async () => {
    const { user } = await show()
    await user.click(screen.getByRole("button", { name: "Share" }))
    expect(sent).toEqual([])
    await screen.findByText("Type an e-mail address.")
    await user.type(screen.getByRole("textbox", { name: /E-mail/ }), "ada@example.org")
    await user.selectOptions(screen.getByRole("combobox", { name: "Right" }), "edit")
    await user.click(screen.getByRole("button", { name: "Share" }))
    await screen.findByText("Shared with ada@example.org.")
    const body = { email: "ada@example.org", right: "edit", platform: "https://moodle.example.org" }
    expect(sent).toEqual([["POST", "/api/courses/c1/shares", body]])
  })

  it("reads why an address is refused", async () => {
    refusal = {
      code: "share_address_ambiguous",
      title: "",
      status: 409,
      fields: [],
      parameters: {},
    }
    const { user } = await show()
    await user.type(screen.getByRole("textbox", { name: /E-mail/ }), "ada@example.org")
    await user.click(screen.getByRole("button", { name: "Share" }))
    await screen.findByText(/Several people of the platform have this address/)
  })

  it("changes a right at once, and removes one after a question", async () => {
    const { user, list } = await show()
    await user.selectOptions(within(list).getByRole("combobox", { name: "Right of Linus" }), "edit")
    expect(sent).toEqual([["PUT", "/api/courses/c1/shares/s1", { right: "edit" }]])
    await user.click(within(list).getByRole("button", { name: /Linus/ }))
    await user.click(await screen.findByRole("menuitem", { name: "Remove the right" }))
    const question = await screen.findByRole("dialog", { name: /Remove the right of Linus/ })
    expect(question.textContent).toMatch(/their work folder is kept/)
    await user.click(within(question).getByRole("button", { name: "Remove" }))
    await screen.findByText("Linus has no right any more.")
    expect(sent[1]).toEqual(["DELETE", "/api/courses/c1/shares/s1", null])
  })

  it("hands over to somebody who came, not to an invitation", async () => {
    const { user, list } = await show()
    await user.click(within(list).getByRole("button", { name: /ken@example.org/ }))
    await screen.findByRole("menuitem", { name: "Remove the right" })
    expect(screen.queryByRole("menuitem", { name: "Make the owner" })).toBeNull()
    await user.keyboard("{Escape}")
    await user.click(within(list).getByRole("button", { name: /Linus/ }))
    await user.click(await screen.findByRole("menuitem", { name: "Make the owner" }))
    const question = await screen.findByRole("dialog", { name: /Make Linus the owner/ })
    await user.click(within(question).getByRole("button", { name: "Hand over" }))
    await screen.findByText("Linus is the owner now.")
    expect(sent).toEqual([["POST", "/api/courses/c1/shares/s1/owner", null]])
  })
})

describe("somebody else", () => {
  it("reads who has a right and gives up their own", async () => {
    sharing = {
      ...SHARING,
      may_share: false,
      people: [
        { ...OWNER, is_me: false },
        { ...LINUS, email: null, is_me: true },
      ],
      platforms: [],
    }
    const { user, list, onClose } = await show()
    expect(screen.queryByRole("textbox")).toBeNull()
    expect(within(list).queryByRole("combobox")).toBeNull()
    await user.click(within(list).getByRole("button", { name: /Linus/ }))
    await user.click(await screen.findByRole("menuitem", { name: "Give up my right" }))
    await user.click(await screen.findByRole("button", { name: "Remove" }))
    await screen.findByText("Linus has no right any more.")
    expect(onClose).toHaveBeenCalled()
  })
})
