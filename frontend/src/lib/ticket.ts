/** What lets somebody in once, taken from the address before anything else runs. */
let taken: string | null = null
let link: string | null = null

/** Read `#ticket=` or `#link=` and remove it from the address and the history at once. */
export function takeTicketFromAddress(): void {
  if (!/(ticket|link)=/.test(window.location.hash)) return
  const said = new URLSearchParams(window.location.hash.slice(1))
  taken = said.get("ticket")
  link = said.get("link")
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
