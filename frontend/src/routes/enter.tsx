/** Where a launch arrives: spends the ticket, or renews the session after a reload. */
import { createFileRoute } from "@tanstack/react-router"
import { useState } from "react"
import { enterWithTicket, renew } from "@/api/session"
import { EnterByLink } from "@/features/arrival/EnterByLink"
import { EnterByTab } from "@/features/arrival/EnterByTab"
import { EnteringPage } from "@/features/arrival/EnteringPage"
import { toLanding } from "@/features/arrival/landing"
import { suggestLanguage } from "@/lib/i18n"
import { hasLink, hasTab, spendTicket } from "@/lib/ticket"

export const Route = createFileRoute("/enter")({
  loader: async () => {
    if (hasLink() || hasTab()) return
    const ticket = spendTicket()
    const signed = ticket ? await enterWithTicket(ticket) : await renew()
    await suggestLanguage(signed.locale)
    throw toLanding(signed.landing)
  },
  component: Enter,
  pendingComponent: EnteringPage,
})

// Looked at once: spending the code must not change the page that asks.
function Enter() {
  const [byTab] = useState(hasTab)
  return byTab ? <EnterByTab /> : <EnterByLink />
}
