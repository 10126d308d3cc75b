/** The web session: a short access token in memory, renewed with a cookie the page cannot read. */
import { storedProof } from "./platformStorage"
import type { Problem } from "./problems"
import { asProblem, isProblem, ProblemError } from "./problems"
import type { AccountName, Signed, SignedOut } from "./types"

type Held = Signed & { expiresAt: number }

// Memory only: storage throws inside the LMS's frame, and a script on the page must find nothing.
let held: Held | null = null
// Kept when a token is dropped: a page never continues the session of somebody else.
let webSessionId: string | undefined
let renewing: Promise<Signed> | null = null
// Only in a browser that keeps no cookie: the session then lasts as long as this page.
let refreshToken: string | undefined
// Once over, this page is over for good: only a new document begins another session.
let ended: Problem | null = null
const watchers = new Set<() => void>()

/** What the pages of a browser send each other; no storage, and in frames of one site as well. */
type PageMessage = { kind: "entered" | "signed_out"; user_id: string }
const channel = openChannel()

function openChannel(): BroadcastChannel | null {
  try {
    const made = new BroadcastChannel("mydocker-sessions")
    made.addEventListener("message", ({ data }) => receive(data as PageMessage))
    return made
  } catch {
    return null // a browser that refuses it: the server ends the session within a second
  }
}

/** Somebody else entered in this browser, or the person signed out in another tab. */
function receive(message: PageMessage): void {
  const mine = held?.user_id ?? lastUser
  if (!mine || (message.user_id === mine) !== (message.kind === "signed_out")) return
  const token = refreshToken
  endSession(message.kind === "entered" ? "replaced" : "signed_out")
  // Where no cookie is kept, the server could not see that both share a browser.
  if (token) void send("/lti/tokens/revoke", { refresh_token: token }).catch(() => undefined)
}

let lastUser: string | undefined
// This page says itself why its session ended; the event stream says the same, sometimes sooner.
let leaving = false

/** Run what ends the session of this page, which then shows its own page. */
export async function leave<T>(act: () => Promise<T>): Promise<T> {
  leaving = true
  try {
    return await act()
  } catch (error) {
    leaving = false
    throw error
  }
}

/** The session of this page is over: nothing of it is shown or sent any more. */
export function endSession(reason: string | null): void {
  if (ended || leaving) return
  const parameters: Problem["parameters"] = reason ? { reason } : {}
  ended = { code: "web_session_over", status: 401, title: "Your session is over", parameters }
  held = null
  refreshToken = undefined
  for (const watcher of watchers) watcher()
}

/** Why this page's session is over, if it is. */
export function sessionEnd(): Problem | null {
  return ended
}

export function onSessionEnd(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

/** Trade the launch's one-time ticket for a web session. */
export async function enterWithTicket(ticket: string): Promise<Signed> {
  try {
    return await signIn("/lti/tickets", { ticket })
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== "ticket_unproven") throw error
    const storage_proof = await storedProof(error.problem.parameters ?? {})
    return signIn("/lti/tickets", { ticket, storage_proof })
  }
}

/** Trade an operator's link for a web session. */
export function enterWithLink(link: string): Promise<Signed> {
  return signIn("/lti/entry-links", { link })
}

/** Whose account the code of a tab opens; the code stays unused. */
export async function accountOfTab(code: string): Promise<AccountName> {
  const response = await send("/lti/tabs/account", { code })
  if (!response.ok) throw new ProblemError(await problemOf(response))
  return (await response.json()) as AccountName
}

/** Go on in a tab of its own as the same person. */
export function enterTab(code: string): Promise<Signed> {
  return signIn("/lti/tabs/enter", { code })
}

let lastSignedOut: SignedOut | null = null

/** End the web session; the page keeps nothing of it. */
export function signOut(): Promise<SignedOut> {
  return leave(endHere)
}

async function endHere(): Promise<SignedOut> {
  const response = await send("/lti/tokens/revoke", { refresh_token: refreshToken })
  if (!response.ok) throw new ProblemError(await problemOf(response))
  if (lastUser)
    channel?.postMessage({ kind: "signed_out", user_id: lastUser } satisfies PageMessage)
  held = null
  refreshToken = undefined
  webSessionId = undefined
  lastUser = undefined
  lastSignedOut = (await response.json()) as SignedOut
  return lastSignedOut
}

/** What the last sign-out of this page left, until a reload. */
export function signedOut(): SignedOut | null {
  return lastSignedOut
}

/** Renew the web session from its cookie; callers at the same time share one request. */
export function renew(): Promise<Signed> {
  const known = { web_session_id: webSessionId ?? null }
  const body = refreshToken ? { ...known, refresh_token: refreshToken } : known
  const began = webSessionId !== undefined
  renewing ??= signIn("/lti/tokens/refresh", body)
    .catch((error: unknown) => {
      const problem = asProblem(error)
      // A page without a session has nothing to remove, and its loader shows the problem.
      if (began && problem.status === 401) endSession(reasonOf(problem))
      throw error
    })
    .finally(() => {
      renewing = null
    })
  return renewing
}

/** A token good for at least half a minute. */
export async function accessToken(): Promise<string> {
  if (ended) throw new ProblemError(ended)
  if (held && held.expiresAt - Date.now() > 30_000) return held.access_token
  return (await renew()).access_token
}

/** What is known without asking anybody. */
export function currentSession(): Signed | null {
  return held
}

/** Forget the token, so that the next request renews it. */
export function dropToken(token: string): void {
  if (held?.access_token === token) held = null
}

function reasonOf(problem: Problem): string | null {
  const reason = problem.parameters?.reason
  return typeof reason === "string" ? reason : null
}

async function signIn(path: string, body: object): Promise<Signed> {
  const response = await send(path, body)
  if (!response.ok) throw new ProblemError(await problemOf(response))
  const signed = (await response.json()) as Signed
  webSessionId = signed.web_session_id
  refreshToken = signed.refresh_token ?? refreshToken
  if (ended) throw new ProblemError(ended) // it ended while this was on its way
  held = { ...signed, expiresAt: Date.now() + signed.expires_in * 1000 }
  lastUser = signed.user_id ?? lastUser
  const entered = path !== "/lti/tokens/refresh"
  if (entered) leaving = false
  if (entered && signed.user_id) {
    channel?.postMessage({ kind: "entered", user_id: signed.user_id } satisfies PageMessage)
  }
  return signed
}

async function send(path: string, body: object): Promise<Response> {
  try {
    return await fetch(path, {
      method: "POST",
      credentials: "same-origin",
      // A header no foreign form can send: the cookie alone is not enough.
      headers: { "content-type": "application/json", "x-mydocker": "1" },
      body: JSON.stringify(body),
    })
  } catch {
    throw new ProblemError({ code: "network", status: 0, title: "No answer" })
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null)
  if (isProblem(body)) return body
  const code = response.status >= 500 ? "unavailable" : "http_error"
  return { code, status: response.status, title: response.statusText }
}
