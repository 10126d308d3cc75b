/** The error boundary of every page: what happened, what to do, a reference. */
import { Button } from "@mantine/core"
import { IconAlertTriangle, IconDoorExit } from "@tabler/icons-react"
import type { ErrorComponentProps } from "@tanstack/react-router"
import { useRouter } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { asProblem, type Problem } from "@/api/problems"
import { NotFoundPage } from "./NotFoundPage"
import { PlainPage } from "./PlainPage"
import { useProblemText } from "./problemText"

// After these, only a new launch from the LMS helps.
const OVER = new Set([
  "unauthenticated",
  "web_session_over",
  "ticket_unknown",
  "ticket_used",
  "ticket_expired",
])

export function FaultPage({ error }: ErrorComponentProps) {
  const problem = asProblem(error)
  if (OVER.has(problem.code)) return <VisitOverPage problem={problem} />
  if (problem.code === "not_found") return <NotFoundPage />
  return <TryAgainPage problem={problem} />
}

function VisitOverPage({ problem }: { problem: Problem }) {
  const { t, i18n } = useTranslation()
  const key = `enter.${problem.code as "ticket_used"}` as const
  const known: boolean = i18n.exists(key)
  const why = known ? t(key) : t("enter.web_session_over")
  const cookie = problem.code === "web_session_over" || problem.code === "unauthenticated"
  return (
    <PlainPage
      title={t("enter.unusable")}
      icon={<IconDoorExit size={36} stroke={1.6} aria-hidden />}
    >
      <p>{why}</p>
      <p>
        <strong>{t("enter.again")}</strong>
      </p>
      {cookie && <p>{t("enter.cookieHelp")}</p>}
    </PlainPage>
  )
}

function TryAgainPage({ problem }: { problem: Problem }) {
  const { t } = useTranslation()
  const text = useProblemText()
  const router = useRouter()
  return (
    <PlainPage
      title={t("fault.title")}
      icon={<IconAlertTriangle size={36} stroke={1.6} aria-hidden />}
      action={<Button onClick={() => void router.invalidate()}>{t("app.tryAgain")}</Button>}
    >
      <p>{text(problem)}</p>
      {problem.request_id && (
        <p>
          {t("app.reference")} <code>{problem.request_id.slice(0, 12)}</code>
        </p>
      )}
    </PlainPage>
  )
}
