/** Where a launch arrives: spends the ticket, or renews the visit after a reload. */
import { createFileRoute } from "@tanstack/react-router"
import { enterWithTicket, renew } from "@/api/session"
import { EnterByLink } from "@/features/arrival/EnterByLink"
import { EnteringPage } from "@/features/arrival/EnteringPage"
import { toLanding } from "@/features/arrival/landing"
import { suggestLanguage } from "@/lib/i18n"
import { hasLink, spendTicket } from "@/lib/ticket"

export const Route = createFileRoute("/enter")({
  loader: async () => {
    if (hasLink()) return
    const ticket = spendTicket()
    const signed = ticket ? await enterWithTicket(ticket) : await renew()
    await suggestLanguage(signed.locale)
    throw toLanding(signed.landing)
  },
  component: EnterByLink,
  pendingComponent: EnteringPage,
})
