/** The reason of a refusal, which the person concerned reads; marked where it is asked for and missing. */
import { Textarea } from "@mantine/core"
import { useTranslation } from "react-i18next"

type Props = {
  reason: string
  /** Somebody confirmed already. */
  asked: boolean
  onChange: (reason: string) => void
}

export function RequiredReason({ reason, asked, onChange }: Props) {
  const { t } = useTranslation()
  return (
    <Textarea
      label={t("root.reasonField")}
      description={t("root.reasonHelp")}
      autosize
      minRows={2}
      maxLength={500}
      required
      data-autofocus
      value={reason}
      error={asked && !reason.trim() ? t("root.reasonMissing") : undefined}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
