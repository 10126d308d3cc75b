/** What lets somebody in once, taken from the address before anything else runs. */
let taken: string | null = null
let link: string | null = null
let tab: string | null = null

/** Read `#ticket=`, `#link=` or `#tab=` and remove it from the address and the history at once. */
export function takeTicketFromAddress(): void {
  if (!/(ticket|link|tab)=/.test(window.location.hash)) return
  const said = new URLSearchParams(window.location.hash.slice(1))
  taken = said.get("ticket")
  link = said.get("link")
  tab = said.get("tab")
  window.history.replaceState(null, "", window.location.pathname)
}

/** Give the ticket away, once. */
export function spendTicket(): string | null {
  const ticket = taken
  taken = null
  return ticket
}

/** Whether the address held an operator's link that is not used yet. */
export function hasLink(): boolean {
  return link !== null
}

/** Give the operator's link away, once. */
export function spendLink(): string {
  const secret = link ?? ""
  link = null
  return secret
}

/** Whether the address carries a session out of the LMS's frame. */
export function hasTab(): boolean {
  return tab !== null
}

/** The code, for asking whose account it opens; it stays unused. */
export function shownTab(): string {
  return tab ?? ""
}

/** Give that code away, once. */
export function spendTab(): string {
  const code = tab ?? ""
  tab = null
  return code
}
