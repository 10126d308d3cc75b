/** Every page that needs a session: a reload renews it first, in the language of the person. */
import { createFileRoute, Outlet, redirect } from "@tanstack/react-router"
import { asProblem } from "@/api/problems"
import { accessToken, currentSession } from "@/api/session"
import { isTopLevel, ownPath } from "@/api/signIn"
import { SessionWatch } from "@/features/arrival/SessionBoundary"
import { InstitutionBar } from "@/features/institution/InstitutionBar"
import { suggestLanguage } from "@/lib/i18n"

export const Route = createFileRoute("/_signed")({
  beforeLoad: async ({ location }) => {
    if (currentSession()) return
    try {
      await accessToken()
    } catch (error) {
      const to = ownPath(location.href)
      const over = asProblem(error).code === "web_session_over"
      if (over && to && isTopLevel()) throw redirect({ to: "/sign-in", search: { to } })
      throw error
    }
    await suggestLanguage(currentSession()?.locale ?? null)
  },
  component: Signed,
})

function Signed() {
  return (
    <>
      <SessionWatch />
      <InstitutionBar />
      <Outlet />
    </>
  )
}
