/** The one-time ticket of a launch, taken from the address before anything else runs. */
let taken: string | null = null

/** Read `#ticket=` and remove it from the address and the history at once. */
export function takeTicketFromAddress(): void {
  if (!window.location.hash.includes("ticket=")) return
  taken = new URLSearchParams(window.location.hash.slice(1)).get("ticket")
  window.history.replaceState(null, "", window.location.pathname)
}

/** Give the ticket away, once. */
export function spendTicket(): string | null {
  const ticket = taken
  taken = null
  return ticket
}
