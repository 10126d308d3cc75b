/** Sending a score for one person: a number, a comment, or only that the work is done. */
import { NumberInput, Radio, Stack, Textarea } from "@mantine/core"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { PersonOfCourse } from "@/api/types"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { useSendScore } from "./coursePeople"

type Activity = PersonOfCourse["activities"][number]
type Props = {
  courseId: string
  userId: string
  name: string
  /** By which the person entered: each has a column of its own. */
  activities: Activity[]
  onClose: () => void
}

export function ScoreDialog({ courseId, userId, name, activities, onClose }: Props) {
  const { t } = useTranslation()
  const send = useSendScore(courseId, userId)
  const [given, setGiven] = useState<number | string>("")
  const only = activities.length === 1 ? activities[0] : undefined
  const [chosen, setChosen] = useState(only?.resource_link_id ?? "")
  const [comment, setComment] = useState("")
  // The same id goes with every try of the same score; another content is another score.
  const [id, setId] = useState(() => crypto.randomUUID())
  const wrong = given !== "" && !(Number(given) >= 0 && Number(given) <= 100)
  const changed = (change: () => void) => {
    change()
    setId(crypto.randomUUID())
  }
  const named = (activity: Activity) => ({
    activity: activity.title || t("coursePeople.score.unnamedActivity"),
    space: activity.context_title || t("coursePeople.score.unnamedSpace"),
  })
  const confirm = () => {
    if (wrong || !chosen) return
    const score = {
      id,
      given: given === "" ? null : Number(given),
      comment: comment || null,
      resource_link_id: chosen,
    }
    send.mutate(score, { onSuccess: onClose })
  }
  return (
    <ConfirmDialog
      opened
      title={t("coursePeople.score.title", { name })}
      confirm={t("coursePeople.score.confirm")}
      busy={send.isPending}
      disabled={wrong || !chosen}
      onConfirm={confirm}
      onClose={onClose}
    >
      {only ? (
        <p>{t("coursePeople.score.text", named(only))}</p>
      ) : (
        <Radio.Group
          mb="sm"
          inputWrapperOrder={["label", "description", "input", "error"]}
          label={t("coursePeople.score.which")}
          description={t("coursePeople.score.whichHelp", { name })}
          value={chosen}
          onChange={(value) => changed(() => setChosen(value))}
        >
          <Stack gap="xs" mt="xs">
            {activities.map((activity) => (
              <Radio
                key={activity.resource_link_id}
                value={activity.resource_link_id}
                label={t("coursePeople.score.activity", named(activity))}
              />
            ))}
          </Stack>
        </Radio.Group>
      )}
      <NumberInput
        label={t("coursePeople.score.given")}
        description={t("coursePeople.score.givenHelp")}
        decimalScale={2}
        hideControls
        value={given}
        error={wrong ? t("coursePeople.score.givenWrong") : undefined}
        onChange={(value) => changed(() => setGiven(value))}
        onPaste={(event) => {
          // The field would drop the comma of a pasted number: 8,5 is not 85.
          const pasted = event.clipboardData.getData("text").trim()
          if (!/^\d+,\d+$/.test(pasted)) return
          event.preventDefault()
          changed(() => setGiven(Number(pasted.replace(",", "."))))
        }}
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
