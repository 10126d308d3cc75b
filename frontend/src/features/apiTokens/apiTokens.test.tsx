/** API tokens: the secret is shown once, scopes follow the choice, revoking asks first. */
import { screen, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { HttpResponse, http } from "msw"
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { startI18n } from "@/lib/i18n"
import { answerWithFakeApi, showPage } from "@/test-page"
import { scopesOf, stateOf } from "./apiTokens"
import { CreateToken } from "./CreateToken"
import { TokenTable } from "./TokenTable"

const TOKEN = {
  id: "t1",
  name: "Nightly",
  ending: "aB3x",
  scopes: ["courses:write"],
  created_at: "2026-11-28T10:00:00Z",
  expires_at: "2099-01-01T00:00:00Z",
  last_used_at: null,
  revoked_at: null,
}
const sent: unknown[] = []
const answers = [
  http.get("/api/me", () => HttpResponse.json({ can: ["create_courses"] })),
  http.post("/api/me/api-tokens", async ({ request }) => {
    sent.push(await request.json())
    return HttpResponse.json({ ...TOKEN, token: "mydocker_pat_secret" }, { status: 201 })
  }),
  http.delete("/api/api-tokens/:id", ({ params }) => {
    sent.push(params.id)
    return new HttpResponse(null, { status: 204 })
  }),
]

beforeAll(async () => {
  answerWithFakeApi({ first: answers })
  await startI18n()
})
afterEach(() => sent.splice(0))

describe("creating a token", () => {
  it("asks for a name and a scope, then shows the secret once", async () => {
    await showPage(<CreateToken />)
    await userEvent.click(await screen.findByRole("button", { name: "Create the token" }))
    expect(screen.getByText("Give the token a name.")).toBeTruthy()
    expect(screen.getByRole("alert").textContent).toBe("Choose at least one scope.")
    expect(sent).toEqual([])
    await userEvent.type(screen.getByRole("textbox", { name: /Name/ }), "Nightly")
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Courses" }), "write")
    await userEvent.click(screen.getByRole("button", { name: "Create the token" }))
    expect(await screen.findByText("mydocker_pat_secret")).toBeTruthy()
    expect(sent).toEqual([{ name: "Nightly", scopes: ["courses:write"], expires_in_days: 90 }])
  })

  it("offers operators' scopes to operators only", async () => {
    await showPage(<CreateToken />)
    expect(await screen.findByRole("combobox", { name: "Courses" })).toBeTruthy()
    expect(screen.queryByRole("combobox", { name: "Machines and pools" })).toBeNull()
  })
})

describe("the list", () => {
  it("revokes after a question", async () => {
    await showPage(<TokenTable caption="API tokens" tokens={[TOKEN]} empty={null} />)
    await userEvent.click(await screen.findByRole("button", { name: "Revoke the token Nightly" }))
    expect(sent).toEqual([])
    const dialog = await screen.findByRole("dialog")
    await userEvent.click(within(dialog).getByRole("button", { name: "Revoke" }))
    await vi.waitFor(() => expect(sent).toEqual(["t1"]))
  })
})

describe("rules", () => {
  it("makes scopes of what was chosen", () => {
    expect(scopesOf({ courses: "write", images: "none", sessions: "read" })).toEqual([
      "courses:write",
      "sessions:read",
    ])
  })

  it("knows what still works", () => {
    const now = new Date("2026-11-29T00:00:00Z")
    expect(stateOf(TOKEN, now)).toBe("usable")
    expect(stateOf({ ...TOKEN, expires_at: "2026-11-29T00:00:00Z" }, now)).toBe("expired")
    expect(stateOf({ ...TOKEN, revoked_at: "2026-11-28T00:00:00Z" }, now)).toBe("revoked")
  })
})
