/** Another key set for the same issuer: what that means, and the operator's explicit yes. */
import { Checkbox } from "@mantine/core"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"

type Props = {
  /** The platforms whose people the new keys could sign in as. */
  platforms: string
  confirm: string
  busy: boolean
  error: unknown
  onConfirm: () => void
  onClose: () => void
}

export function SharesPeople({ platforms, confirm, busy, error, onConfirm, onClose }: Props) {
  const { t } = useTranslation()
  const [accepted, setAccepted] = useState(false)
  return (
    <ConfirmDialog
      opened
      danger
      title={t("platforms.shares.title")}
      confirm={confirm}
      busy={busy}
      disabled={!accepted}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <SharesPeopleText platforms={platforms} accepted={accepted} onAccept={setAccepted} />
      <ProblemNotice error={error} />
    </ConfirmDialog>
  )
}

type TextProps = { platforms: string; accepted: boolean; onAccept: (accepted: boolean) => void }

export function SharesPeopleText({ platforms, accepted, onAccept }: TextProps) {
  const { t } = useTranslation()
  return (
    <>
      <p>{t("platforms.shares.text", { platforms })}</p>
      <p>{t("platforms.shares.means")}</p>
      <Checkbox
        mt="sm"
        label={t("platforms.shares.accept")}
        checked={accepted}
        onChange={(event) => onAccept(event.currentTarget.checked)}
      />
    </>
  )
}
