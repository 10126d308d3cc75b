/** The platform's page is asked by name and origin, and believed only with both. */
import { afterEach, describe, expect, it, vi } from "vitest"
import { storedProof } from "./platformStorage"
import { enterWithTicket, renew } from "./session"

const PLATFORM = "https://lms.example"
const address = { frame: "_parent", origin: PLATFORM, key: "mydocker-state-1" }

type Asked = { subject: string; message_id: string; key: string }

/** A platform's page around ours that gives these answers. */
function platformAnswers(...answers: ((asked: Asked) => [origin: string, data: object])[]) {
  const postMessage = vi.fn((asked: Asked, _origin: string) => {
    for (const answer of answers) {
      const [origin, data] = answer(asked)
      window.dispatchEvent(new MessageEvent("message", { origin, data }))
    }
  })
  vi.stubGlobal("parent", { postMessage })
  return postMessage
}

const right = (asked: Asked): [string, object] => [
  PLATFORM,
  { subject: "lti.get_data.response", message_id: asked.message_id, value: "secret" },
]

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe("the proof that the platform keeps", () => {
  it("is asked of the platform's origin only", async () => {
    const postMessage = platformAnswers(right)
    expect(await storedProof(address)).toBe("secret")
    const [asked, origin] = postMessage.mock.calls[0] ?? []
    expect(asked).toMatchObject({ subject: "lti.get_data", key: "mydocker-state-1" })
    expect(origin).toBe(PLATFORM)
  })

  it("is not believed from elsewhere, to another question, or with an error", async () => {
    vi.useFakeTimers()
    platformAnswers(
      (asked) => ["https://evil.example", right(asked)[1]],
      (asked) => [PLATFORM, { ...right(asked)[1], message_id: "other" }],
      (asked) => [PLATFORM, { ...right(asked)[1], subject: "lti.put_data.response" }],
    )
    const silent = storedProof(address)
    await vi.advanceTimersByTimeAsync(1000)
    expect(await silent).toBe("")
    platformAnswers((asked) => [PLATFORM, { ...right(asked)[1], error: { code: "x" } }])
    expect(await storedProof(address)).toBe("")
  })

  it("is empty where there is no platform around", async () => {
    expect(await storedProof({ ...address, frame: "nobody" })).toBe("")
    expect(await storedProof({})).toBe("")
  })

  it("lets a browser without cookies in, and the session renews from memory", async () => {
    platformAnswers(right)
    const bodies: unknown[] = []
    vi.stubGlobal("fetch", async (_path: string, init: RequestInit) => {
      bodies.push(JSON.parse(String(init.body)))
      if (bodies.length === 1) {
        const problem = { code: "ticket_unproven", status: 401, title: "", parameters: address }
        return Response.json(problem, { status: 401 })
      }
      return Response.json({
        access_token: "a",
        expires_in: 600,
        landing: { kind: "dashboard" },
        locale: null,
        refresh_token: `r${bodies.length}`,
      })
    })
    await enterWithTicket("t")
    await renew()
    await renew()
    expect(bodies).toEqual([
      { ticket: "t" },
      { ticket: "t", storage_proof: "secret" },
      { web_session_id: null, refresh_token: "r2" },
      { web_session_id: null, refresh_token: "r3" },
    ])
  })
})
