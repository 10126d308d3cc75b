/** Opens a web port in a new tab: its one-time ticket travels in a form, never in an address. */
import { http } from "@/api/client"
import { ProblemError } from "@/api/problems"

export async function openPort(courseId: string, port: number, waiting: string): Promise<void> {
  // Opened within the click, or the browser would take it for a pop-up.
  const tab = window.open("about:blank", "_blank")
  if (tab) {
    // The environment is a stranger: it must not reach back to this page.
    tab.opener = null
    tab.document.title = waiting
    tab.document.body.textContent = waiting
  }
  const { data, error } = await http.POST(
    "/api/courses/{course_id}/environment/ports/{number}/open",
    { params: { path: { course_id: courseId, number: port } } },
  )
  if (!data) {
    tab?.close()
    throw error ?? new ProblemError({ code: "network", status: 0, title: "" })
  }
  submitTicket(tab?.closed ? null : tab, data.url, data.ticket)
}

function submitTicket(tab: Window | null, url: string, ticket: string): void {
  const page = tab?.document ?? document
  const form = page.createElement("form")
  form.method = "post"
  form.action = url
  if (!tab) {
    form.target = "_blank"
    form.rel = "noopener"
  }
  const field = page.createElement("input")
  field.type = "hidden"
  field.name = "ticket"
  field.value = ticket
  form.append(field)
  page.body.append(form)
  form.submit()
  if (!tab) form.remove()
}
