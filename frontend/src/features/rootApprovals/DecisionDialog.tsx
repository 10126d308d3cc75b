/** Asks for the reason of a refusal or a revocation, and says what it means. */
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { RootRequest } from "@/api/types"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { RequiredReason } from "@/ui/form/RequiredReason"
import type { useDecideRoot } from "./rootApprovals"

type Props = {
  request: RootRequest
  decision: "refuse" | "revoke"
  decide: ReturnType<typeof useDecideRoot>
  onClose: () => void
}

export function DecisionDialog({ request, decision, decide, onClose }: Props) {
  const { t } = useTranslation()
  const [reason, setReason] = useState("")
  const [missing, setMissing] = useState(false)
  const confirm = () => {
    if (!reason.trim()) {
      setMissing(true)
      return
    }
    decide.mutate({ buildId: request.build_id, decision, reason }, { onSuccess: onClose })
  }
  return (
    <ConfirmDialog
      opened
      title={t(`root.question.${decision}.title`, {
        title: request.image_title,
        number: request.build_number,
        interpolation: { escapeValue: false },
      })}
      confirm={t(`root.question.${decision}.confirm`)}
      danger
      busy={decide.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>{t(`root.question.${decision}.text`)}</p>
      <RequiredReason reason={reason} asked={missing} onChange={setReason} />
      <ProblemNotice error={decide.error} />
    </ConfirmDialog>
  )
}
