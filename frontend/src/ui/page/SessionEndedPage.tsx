/** The session is over: why, and how to begin another one. */
import { Anchor } from "@mantine/core"
import { IconDoorExit } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import type { Problem } from "@/api/problems"
import { isTopLevel, ownPath } from "@/api/signIn"
import { PlainPage } from "./PlainPage"

export function SessionEndedPage({ problem }: { problem: Problem }) {
  const { t, i18n } = useTranslation()
  const reason = problem.parameters?.reason
  const ended = `enter.ended.${reason as "replaced"}` as const
  const code = `enter.${problem.code as "ticket_used"}` as const
  const isKnownEnd: boolean = typeof reason === "string" && i18n.exists(ended)
  const isKnownCode: boolean = i18n.exists(code)
  const why = isKnownCode ? t(code) : t("enter.web_session_over")
  const cookie = problem.code === "web_session_over" || problem.code === "unauthenticated"
  const to = ownPath(window.location.pathname)
  const signIn = to ? `/sign-in?${new URLSearchParams({ to })}` : "/sign-in"
  return (
    <PlainPage
      title={isKnownEnd ? t("enter.endedTitle") : t("enter.unusable")}
      icon={<IconDoorExit size={36} stroke={1.6} aria-hidden />}
    >
      <p>{isKnownEnd ? t(ended) : why}</p>
      <p>
        <strong>{t("enter.again")}</strong>
      </p>
      {isTopLevel() && (
        <p>
          <Anchor href={signIn}>{t("enter.signIn")}</Anchor>
        </p>
      )}
      {cookie && !isKnownEnd && <p>{t("enter.cookieHelp")}</p>}
    </PlainPage>
  )
}
