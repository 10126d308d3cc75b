/** Giving the LMS what was chosen: the gateway signs, the browser carries the form back. */
import { authorizedFetch } from "@/api/client"
import { isProblem, ProblemError } from "@/api/problems"
import type { DeepLinkingReply, DeepLinkingRequest } from "@/api/types"

/** Why the page is still here after the form was sent. */
export type Stuck = "blocked" | "silent"
const PATIENCE = 15_000

export async function whatIsTaken(deepLinkingId: string): Promise<DeepLinkingRequest> {
  return ask<DeepLinkingRequest>("GET", `/lti/deep-linking/${deepLinkingId}`)
}

export function sendChoice(
  deepLinkingId: string,
  courseIds: string[],
  gradeColumn: boolean,
): Promise<DeepLinkingReply> {
  const body = { course_ids: courseIds, grade_column: gradeColumn }
  return ask<DeepLinkingReply>("POST", `/lti/deep-linking/${deepLinkingId}`, body)
}

export function cancelChoice(deepLinkingId: string): Promise<DeepLinkingReply> {
  return ask<DeepLinkingReply>("POST", `/lti/deep-linking/${deepLinkingId}/cancel`, {})
}

async function ask<T>(method: "GET" | "POST", path: string, body?: object): Promise<T> {
  const response = await authorizedFetch(new URL(path, location.origin), {
    method,
    headers: { "content-type": "application/json", "x-mydocker": "1" },
    body: body && JSON.stringify(body),
  }).catch((error: unknown) => {
    throw error instanceof ProblemError
      ? error
      : new ProblemError({ code: "network", status: 0, title: "No answer" })
  })
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok && answer) return answer as T
  const code = response.status >= 500 ? "unavailable" : "http_error"
  throw new ProblemError(
    isProblem(answer) ? answer : { code, status: response.status, title: response.statusText },
  )
}

/** The LMS wants the answer as a form post from this very frame.
 *
 * A page that is left runs no more script. While it is still here, `onStuck` tells why: its policy
 * forbids the address, or nothing came back for a while (the frame stays until an answer begins).
 * Returns what stops watching.
 */
export function goBack(
  { return_url, jwt }: DeepLinkingReply,
  onStuck: (why: Stuck) => void,
): () => void {
  const blocked = (event: SecurityPolicyViolationEvent) => {
    if (event.effectiveDirective === "form-action") stop("blocked")
  }
  const timer = setTimeout(() => stop("silent"), PATIENCE)
  const stop = (why?: Stuck) => {
    clearTimeout(timer)
    document.removeEventListener("securitypolicyviolation", blocked)
    if (why) onStuck(why)
  }
  document.addEventListener("securitypolicyviolation", blocked)
  const form = document.createElement("form")
  form.method = "post"
  form.action = return_url
  form.target = "_self"
  const field = document.createElement("input")
  field.type = "hidden"
  field.name = "JWT"
  field.value = jwt
  form.append(field)
  document.body.append(form)
  form.submit()
  form.remove()
  return () => stop()
}
