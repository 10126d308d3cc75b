/** The bare address: back to where this session began, or the sign-in. */
import { createFileRoute, redirect } from "@tanstack/react-router"
import { asProblem } from "@/api/problems"
import { currentSession, renew } from "@/api/session"
import { isTopLevel } from "@/api/signIn"
import { EnteringPage } from "@/features/arrival/EnteringPage"
import { toLanding } from "@/features/arrival/landing"
import { suggestLanguage } from "@/lib/i18n"

export const Route = createFileRoute("/")({
  loader: async () => {
    const signed = currentSession() ?? (await renewed())
    await suggestLanguage(signed.locale)
    throw toLanding(signed.landing)
  },
  pendingComponent: EnteringPage,
})

/** Who comes without a session signs in; in the LMS's frame only a new launch helps. */
async function renewed() {
  try {
    return await renew()
  } catch (error) {
    if (asProblem(error).status === 401 && isTopLevel()) throw redirect({ to: "/sign-in" })
    throw error
  }
}
