/** Another issuer: the same platform at a new address, or another platform? */
import { Radio, Stack } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { Platform } from "@/api/types"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { peopleOutlook } from "../platforms"

type Props = {
  platform: Platform
  issuer: string
  busy: boolean
  error: unknown
  onConfirm: (people: "same" | "others") => void
  onClose: () => void
}

export function WhosePeople({ platform, issuer, busy, error, onConfirm, onClose }: Props) {
  const { t } = useTranslation()
  const [people, setPeople] = useState<"same" | "others">("same")
  const outlook = useQuery(peopleOutlook(platform.id, platform.issuer, issuer))
  const counts = outlook.data
  return (
    <ConfirmDialog
      opened
      title={t("platforms.whose.title")}
      confirm={t("platforms.whose.confirm")}
      busy={busy || outlook.isPending}
      onConfirm={() => onConfirm(people)}
      onClose={onClose}
    >
      <p>{t("platforms.whose.text", { before: platform.issuer, now: issuer })}</p>
      <Radio.Group
        label={t("platforms.whose.question")}
        value={people}
        onChange={(value) => setPeople(value === "others" ? "others" : "same")}
      >
        <Stack gap="sm" mt="xs">
          <Radio
            value="same"
            label={t("platforms.whose.same")}
            description={counts && t("platforms.whose.sameHelp", { count: counts.people })}
          />
          <Radio
            value="others"
            label={t("platforms.whose.others")}
            description={t("platforms.whose.othersHelp")}
          />
        </Stack>
      </Radio.Group>
      {people === "same" && counts && counts.apart > 0 && (
        <p>{t("platforms.whose.apart", { count: counts.apart })}</p>
      )}
      <ProblemNotice error={error ?? outlook.error} />
    </ConfirmDialog>
  )
}
