/** A platform that registered itself anew at a new address takes over its people. */
import { Button, Group, Select } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { Platform } from "@/api/types"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { Section } from "@/ui/page/Section"
import { earlierIssuersOf, peopleOutlook, useMovePeople } from "../platforms"

export function TakeOver({ platform }: { platform: Platform }) {
  const { t } = useTranslation()
  const earlier = useQuery(earlierIssuersOf(platform.id))
  const [issuer, setIssuer] = useState<string | null>(null)
  const [asked, setAsked] = useState(false)
  const move = useMovePeople(platform.id)
  const outlook = useQuery({ ...peopleOutlook(platform.id, issuer ?? ""), enabled: asked })
  if (!earlier.data || earlier.data.length === 0) return null
  return (
    <Section title={t("platforms.takeOver.title")} text={t("platforms.takeOver.text")}>
      {move.data && (
        <Notice tone="ok" title={t("platforms.takeOver.done", { count: move.data.moved })}>
          {move.data.apart > 0 && t("platforms.whose.apart", { count: move.data.apart })}
        </Notice>
      )}
      <Group align="flex-end" gap="sm">
        <Select
          flex="1 1 220px"
          maw={480}
          label={t("platforms.takeOver.from")}
          data={earlier.data}
          value={issuer}
          allowDeselect={false}
          onChange={setIssuer}
        />
        <Button
          variant="default"
          disabled={!issuer}
          onClick={() => {
            move.reset()
            setAsked(true)
          }}
        >
          {t("platforms.takeOver.button")}
        </Button>
      </Group>
      {asked && issuer && (
        <ConfirmDialog
          opened
          title={t("platforms.takeOver.title")}
          confirm={t("platforms.takeOver.confirm")}
          busy={move.isPending || outlook.isPending}
          onConfirm={() => move.mutate(issuer, { onSuccess: () => setAsked(false) })}
          onClose={() => setAsked(false)}
        >
          <p>{t("platforms.whose.text", { before: issuer, now: platform.issuer })}</p>
          {outlook.data && (
            <>
              <p>{t("platforms.whose.sameHelp", { count: outlook.data.people })}</p>
              {outlook.data.apart > 0 && (
                <p>{t("platforms.whose.apart", { count: outlook.data.apart })}</p>
              )}
            </>
          )}
          <ProblemNotice error={move.error ?? outlook.error} />
        </ConfirmDialog>
      )}
    </Section>
  )
}
