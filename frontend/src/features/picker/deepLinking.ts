/** Giving the LMS what was chosen: the gateway signs, the browser carries the form back. */
import { authorizedFetch } from "@/api/client"
import { isProblem, ProblemError } from "@/api/problems"

type Answer = { return_url: string; jwt: string }
/** What the LMS takes; nothing else is offered. */
export type Taken = { several: boolean; grade_column: boolean }

export async function whatIsTaken(deepLinkingId: string): Promise<Taken> {
  return ask<Taken>("GET", `/lti/deep-linking/${deepLinkingId}`)
}

export async function sendChoice(deepLinkingId: string, courseIds: string[], gradeColumn: boolean) {
  const body = { course_ids: courseIds, grade_column: gradeColumn }
  goBack(await ask<Answer>("POST", `/lti/deep-linking/${deepLinkingId}`, body))
}

export async function cancelChoice(deepLinkingId: string) {
  goBack(await ask<Answer>("POST", `/lti/deep-linking/${deepLinkingId}/cancel`, {}))
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

/** The LMS wants the answer as a form post from this very frame. */
function goBack({ return_url, jwt }: Answer): void {
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
}
