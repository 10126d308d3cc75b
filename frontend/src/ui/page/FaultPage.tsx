/** The error boundary of every page: what happened, what to do, a reference. */
import { Button } from "@mantine/core"
import { IconAlertTriangle, IconLock } from "@tabler/icons-react"
import type { ErrorComponentProps } from "@tanstack/react-router"
import { useRouter } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { asProblem, type Problem } from "@/api/problems"
import { useProblemText } from "@/ui/feedback/problemText"
import { PlainPage } from "./PlainPage"
import { SessionEndedPage } from "./SessionEndedPage"

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
  if (OVER.has(problem.code)) return <SessionEndedPage problem={problem} />
  if (problem.code === "not_found") return <NotOpenPage />
  return <TryAgainPage problem={problem} />
}

/** The server shows nothing here to this person: never there, or theirs no longer. */
function NotOpenPage() {
  const { t } = useTranslation()
  return (
    <PlainPage
      title={t("landing.notOpenTitle")}
      icon={<IconLock size={36} stroke={1.6} aria-hidden />}
    >
      <p>{t("landing.notOpenText")}</p>
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
