/** Every page behind a visit: a reload renews it first, in the language of the person. */
import { createFileRoute } from "@tanstack/react-router"
import { accessToken, currentSession } from "@/api/session"
import { suggestLanguage } from "@/lib/i18n"

export const Route = createFileRoute("/_signed")({
  beforeLoad: async () => {
    if (currentSession()) return
    await accessToken()
    await suggestLanguage(currentSession()?.locale ?? null)
  },
})
