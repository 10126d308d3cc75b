/** The token lives in memory and is renewed once for all who ask. */
import { afterEach, describe, expect, it, vi } from "vitest"
import { accessToken, dropToken, enterWithTicket } from "./session"

const signed = (token: string, seconds = 600) =>
  Response.json({
    access_token: token,
    expires_in: seconds,
    landing: { kind: "dashboard" },
    locale: "fr",
  })

afterEach(() => vi.unstubAllGlobals())

describe("the web session", () => {
  it("renews once for callers at the same time, and says whom it comes from", async () => {
    const fetched = vi.fn(async (_path: string, _init: RequestInit) => signed("first"))
    vi.stubGlobal("fetch", fetched)
    expect(await Promise.all([accessToken(), accessToken(), accessToken()])).toEqual(
      Array(3).fill("first"),
    )
    expect(fetched).toHaveBeenCalledTimes(1)
    const [path, init] = fetched.mock.calls[0] ?? []
    expect(path).toBe("/lti/tokens/refresh")
    expect(new Headers(init?.headers).get("x-mydocker")).toBe("1")
    dropToken("first")
  })

  it("renews before the token ends", async () => {
    vi.stubGlobal("fetch", async () => signed("short", 20))
    await accessToken()
    vi.stubGlobal("fetch", async () => signed("long"))
    expect(await accessToken()).toBe("long")
    dropToken("long")
  })

  it("says why a ticket is refused", async () => {
    vi.stubGlobal("fetch", async () =>
      Response.json({ code: "ticket_used", status: 409, title: "Used" }, { status: 409 }),
    )
    await expect(enterWithTicket("x")).rejects.toMatchObject({ problem: { code: "ticket_used" } })
  })

  it("says when the server is away", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("fetch failed")
    })
    await expect(accessToken()).rejects.toMatchObject({ problem: { code: "network" } })
  })
})
