/** The bare address: back to where this session began. */
import { createFileRoute } from "@tanstack/react-router"
import { currentSession, renew } from "@/api/session"
import { EnteringPage } from "@/features/arrival/EnteringPage"
import { toLanding } from "@/features/arrival/landing"
import { suggestLanguage } from "@/lib/i18n"

export const Route = createFileRoute("/")({
  loader: async () => {
    const signed = currentSession() ?? (await renew())
    await suggestLanguage(signed.locale)
    throw toLanding(signed.landing)
  },
  pendingComponent: EnteringPage,
})
