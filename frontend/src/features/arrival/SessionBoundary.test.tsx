/** A session that ends removes its page: at once, in every tab, with nothing left under it. */
import { MantineProvider } from "@mantine/core"
import { QueryClientProvider, useQuery } from "@tanstack/react-query"
import { render, screen } from "@testing-library/react"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { theme } from "@/theme/theme"

const ME = "00000000-0000-4000-8000-000000000001"
const SHE = "00000000-0000-4000-8000-000000000002"

const signed = (user_id: string, more: object = {}) =>
  Response.json({
    access_token: "token",
    expires_in: 600,
    landing: { kind: "dashboard" },
    locale: null,
    web_session_id: "v",
    user_id,
    ...more,
  })
const over = (reason: string) =>
  Response.json(
    { code: "web_session_over", status: 401, title: "Over", parameters: { reason } },
    { status: 401 },
  )

// The first page loads all modules, on a busy machine for seconds.

// A session is the state of a document: each test is a document of its own.
async function page() {
  vi.resetModules()
  const session = await import("@/api/session")
  const client = await import("@/api/client")
  const { SessionBoundary } = await import("./SessionBoundary")
  const { startI18n } = await import("@/lib/i18n")
  await startI18n()
  function Secret() {
    const { data } = useQuery({ queryKey: ["secret"], queryFn: () => "my password" })
    return <p>{data}</p>
  }
  render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={client.queryClient}>
        <SessionBoundary>
          <Secret />
        </SessionBoundary>
      </QueryClientProvider>
    </MantineProvider>,
  )
  await screen.findByText("my password")
  return { session, client }
}

describe("a session that ends", () => {
  beforeEach(() => {
    document.body.innerHTML = ""
    vi.stubGlobal("fetch", async () => signed(ME))
  })

  it("goes when somebody else enters in another tab of the browser", async () => {
    const { session, client } = await page()
    await session.enterWithTicket("t")
    const elsewhere = new BroadcastChannel("mydocker-sessions")
    elsewhere.postMessage({ kind: "entered", user_id: ME })
    elsewhere.postMessage({ kind: "signed_out", user_id: SHE })
    elsewhere.postMessage({ kind: "entered", user_id: SHE })
    await screen.findByText(/Somebody else signed in with this browser/)
    expect(screen.queryByText("my password")).toBeNull()
    expect(client.queryClient.getQueryData(["secret"])).toBeUndefined()
    await expect(session.accessToken()).rejects.toMatchObject({
      problem: { code: "web_session_over" },
    })
    elsewhere.close()
  })

  it("stays when the same person enters, or somebody else signs out, in another tab", async () => {
    const { session } = await page()
    await session.enterWithTicket("t")
    const elsewhere = new BroadcastChannel("mydocker-sessions")
    const heard = new Promise((resolve) => {
      const last = new BroadcastChannel("mydocker-sessions")
      last.addEventListener("message", ({ data }) => {
        if (data.kind === "signed_out") resolve(last.close())
      })
    })
    elsewhere.postMessage({ kind: "entered", user_id: ME })
    elsewhere.postMessage({ kind: "signed_out", user_id: SHE })
    await heard
    expect(session.sessionEnd()).toBeNull()
    expect(screen.getByText("my password")).toBeTruthy()
    elsewhere.close()
  })

  it("goes when the server says so, whatever was asked, and asks nothing more", async () => {
    const { session, client } = await page()
    await session.enterWithTicket("t")
    const fetched = vi.fn(async () => over("replaced"))
    vi.stubGlobal("fetch", fetched)
    await client.authorizedFetch("http://localhost/api/me")
    await screen.findByText(/Somebody else signed in with this browser/)
    expect(fetched).toHaveBeenCalledTimes(1)
  })

  it("leaves the last words to the page that signs out, however early the server tells", async () => {
    const { session } = await page()
    await session.enterWithTicket("t")
    vi.stubGlobal("fetch", async () => {
      session.endSession("signed_out") // the stream is faster than the answer
      return Response.json({ course_space: true, provider: null })
    })
    expect(await session.signOut()).toMatchObject({ course_space: true })
    session.endSession("signed_out")
    expect(session.sessionEnd()).toBeNull()
  })

  it("ends the session there as well where the browser keeps no cookie", async () => {
    vi.stubGlobal("fetch", async () => signed(ME, { refresh_token: "in memory" }))
    const { session } = await page()
    await session.enterWithTicket("t")
    const fetched = vi.fn(async (_path: string, _init: RequestInit) => Response.json({}))
    vi.stubGlobal("fetch", fetched)
    const elsewhere = new BroadcastChannel("mydocker-sessions")
    elsewhere.postMessage({ kind: "entered", user_id: SHE })
    await vi.waitFor(() => expect(fetched).toHaveBeenCalledTimes(1))
    const [path, init] = fetched.mock.calls[0] ?? []
    expect([path, init?.body]).toEqual(["/lti/tokens/revoke", '{"refresh_token":"in memory"}'])
    elsewhere.close()
  })

  it("takes what may no longer be read off the page, instead of letting it grow stale", async () => {
    const { client } = await page()
    const key = ["window"]
    let answer: () => Promise<string> = async () => "his work"
    const read = () =>
      client.queryClient.fetchQuery({ queryKey: key, queryFn: () => answer(), staleTime: 0 })
    await read()
    answer = () => Promise.reject({ code: "unavailable", status: 503, title: "Away" })
    client.queryClient.setDefaultOptions({ queries: { retry: false } })
    await read().catch(() => undefined)
    expect(client.queryClient.getQueryData(key)).toBe("his work")
    answer = () => Promise.reject({ code: "not_found", status: 404, title: "Gone" })
    await read().catch(() => undefined)
    expect(client.queryClient.getQueryData(key)).toBeUndefined()
  })
})
