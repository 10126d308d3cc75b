/** A refusal of the server in plain words, with its reference. */
import { useTranslation } from "react-i18next"
import { asProblem } from "@/api/problems"
import { Notice } from "./Notice"
import { useProblemText } from "./problemText"

export function ProblemNotice({ error }: { error: unknown }) {
  const { t } = useTranslation()
  const text = useProblemText()
  if (!error) return null
  const problem = asProblem(error)
  return (
    <Notice tone="bad" title={text(problem)}>
      {problem.request_id && (
        <small>
          {t("app.reference")} <code>{problem.request_id.slice(0, 12)}</code>
        </small>
      )}
    </Notice>
  )
}
