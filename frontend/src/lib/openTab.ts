/** Opens a page of an environment in a new tab: its one-time ticket travels in a form. */

/** Without a ticket, `url` is an address that needs none. */
type Ticket = { url: string; ticket?: string | null; next?: string | null }

/** Open a tab within the click, ask for a ticket, and hand it to the tab; throws what `ask` does. */
export async function openTab(
  waiting: string,
  ask: () => Promise<Ticket>,
  next?: string,
): Promise<void> {
  // Opened within the click, or the browser would take it for a pop-up.
  const tab = window.open("about:blank", "_blank")
  if (tab) {
    // The environment is a stranger: it must not reach back to this page.
    tab.opener = null
    tab.document.title = waiting
    tab.document.body.textContent = waiting
  }
  let ticket: Ticket
  try {
    ticket = await ask()
  } catch (error) {
    tab?.close()
    throw error
  }
  submitTicket(tab?.closed ? null : tab, ticket, next)
}

/** Leave this page for a page of an environment. */
export async function openHere(ask: () => Promise<Ticket>, next: string): Promise<void> {
  submitTicket(window, await ask(), next)
}

/** `next`: the path there, with its query; without it the first page. */
function submitTicket(tab: Window | null, { url, ticket, ...answer }: Ticket, asked?: string) {
  if (!ticket) {
    if (tab) tab.location.replace(url)
    else window.open(url, "_blank", "noopener")
    return
  }
  const next = answer.next ?? asked
  const page = tab?.document ?? document
  const form = page.createElement("form")
  form.method = "post"
  form.action = url
  if (!tab) {
    form.target = "_blank"
    form.rel = "noopener"
  }
  for (const [name, value] of Object.entries({ ticket, ...(next ? { next } : {}) })) {
    const field = page.createElement("input")
    field.type = "hidden"
    field.name = name
    field.value = value
    form.append(field)
  }
  page.body.append(form)
  form.submit()
  if (!tab) form.remove()
}
