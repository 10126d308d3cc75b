/** Whether and until when students may submit their work folder. */
import { Switch } from "@mantine/core"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { MomentField } from "@/ui/fields/moment/MomentField"
import { fieldId } from "@/ui/form/fieldId"
import { fromLocal, toLocal } from "../sessions/sessionTimes"

type Rules = { allowed: boolean; until: string | null; in_sessions: boolean }
type Props = { rules: Rules; error?: ReactNode; onChange: (change: Partial<Rules>) => void }

export function SubmissionFields({ rules, error, onChange }: Props) {
  const { t } = useTranslation()
  return (
    <>
      <Switch
        label={t("submissions.allow")}
        description={t("submissions.allowHelp")}
        checked={rules.allowed}
        onChange={(event) => onChange({ allowed: event.currentTarget.checked })}
      />
      {rules.allowed && (
        <>
          <MomentField
            id={fieldId("submissions.until")}
            label={t("submissions.end")}
            description={t("submissions.endHelp")}
            error={error}
            value={rules.until ? toLocal(new Date(rules.until)) : ""}
            onChange={(until) => onChange({ until: until ? fromLocal(until).toISOString() : null })}
          />
          <Switch
            label={t("submissions.inSessions")}
            checked={rules.in_sessions}
            onChange={(event) => onChange({ in_sessions: event.currentTarget.checked })}
          />
        </>
      )}
    </>
  )
}
