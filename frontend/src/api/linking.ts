/** Linking another identity: off to prove it, and out of the LMS's frame to be able to. */
import { type Problem, ProblemError } from "./problems"
import { accessToken } from "./session"

/** Where this browser goes to prove to be somebody at this provider as well. */
export function beginLink(provider: string): Promise<string> {
  return askWhere(`/lti/sign-in/${encodeURIComponent(provider)}/link`)
}

/** The address that opens my account in a tab of its own, once and within a minute. */
export function ownTab(): Promise<string> {
  return askWhere("/lti/tabs")
}

async function askWhere(path: string): Promise<string> {
  const headers = { authorization: `Bearer ${await accessToken()}`, "x-mydocker": "1" }
  const response = await fetch(path, { method: "POST", headers }).catch(() => null)
  if (!response) throw new ProblemError({ code: "network", status: 0, title: "No answer" })
  const body: unknown = await response.json().catch(() => null)
  if (response.ok) return (body as { url: string }).url
  const code = response.status >= 500 ? "unavailable" : "http_error"
  const unknown = { code, status: response.status, title: response.statusText }
  throw new ProblemError((body as Problem | null) ?? unknown)
}
