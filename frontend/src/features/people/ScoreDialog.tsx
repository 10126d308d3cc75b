/** Sending a score for one person: a number, a comment, or only that the work is done. */
import { NumberInput, Textarea } from "@mantine/core"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { ConfirmDialog } from "@/ui/ConfirmDialog"
import { ProblemNotice } from "@/ui/ProblemNotice"
import { useSendScore } from "./coursePeople"

type Props = { courseId: string; userId: string; name: string; onClose: () => void }

export function ScoreDialog({ courseId, userId, name, onClose }: Props) {
  const { t } = useTranslation()
  const send = useSendScore(courseId, userId)
  const [given, setGiven] = useState<number | string>("")
  const [comment, setComment] = useState("")
  // The same id goes with every try of the same score; another content is another score.
  const [id, setId] = useState(() => crypto.randomUUID())
  const wrong = given !== "" && !(Number(given) >= 0 && Number(given) <= 100)
  const changed = (change: () => void) => {
    change()
    setId(crypto.randomUUID())
  }
  const confirm = () => {
    if (wrong) return
    const score = { id, given: given === "" ? null : Number(given), comment: comment || null }
    send.mutate(score, { onSuccess: onClose })
  }
  return (
    <ConfirmDialog
      opened
      title={t("coursePeople.score.title", { name })}
      confirm={t("coursePeople.score.confirm")}
      busy={send.isPending}
      disabled={wrong}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>{t("coursePeople.score.text")}</p>
      <NumberInput
        label={t("coursePeople.score.given")}
        description={t("coursePeople.score.givenHelp")}
        decimalScale={2}
        hideControls
        value={given}
        error={wrong ? t("coursePeople.score.givenWrong") : undefined}
        onChange={(value) => changed(() => setGiven(value))}
      />
      <Textarea
        mt="sm"
        label={t("coursePeople.score.comment")}
        autosize
        minRows={2}
        maxLength={2000}
        value={comment}
        onChange={(event) => {
          const { value } = event.currentTarget
          changed(() => setComment(value))
        }}
      />
      <ProblemNotice error={send.error} />
    </ConfirmDialog>
  )
}
