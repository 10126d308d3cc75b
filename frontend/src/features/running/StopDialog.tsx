/** Stops somebody's environment, with a message to them. */
import { Textarea } from "@mantine/core"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { EnvironmentEntry } from "@/api/types"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { useStop } from "./running"

export function StopDialog({ entry, onClose }: { entry: EnvironmentEntry; onClose: () => void }) {
  const { t } = useTranslation()
  const stop = useStop()
  const [words, setWords] = useState("")
  return (
    <ConfirmDialog
      opened
      title={t("running.stopTitle", {
        name: entry.owner.name,
        interpolation: { escapeValue: false },
      })}
      confirm={t("running.stopConfirm")}
      danger
      busy={stop.isPending}
      onConfirm={() => stop.mutate({ entry, words }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>
        {t("running.stopText", {
          title: entry.course.title,
          interpolation: { escapeValue: false },
        })}
      </p>
      <Textarea
        label={t("running.message")}
        description={t("running.messageHelp")}
        autosize
        minRows={2}
        maxLength={500}
        data-autofocus
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <ProblemNotice error={stop.error} />
    </ConfirmDialog>
  )
}
