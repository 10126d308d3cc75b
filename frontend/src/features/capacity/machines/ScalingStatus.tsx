/** Whether machines are made, what that costs, and the switch that stops everything. */
import { Button } from "@mantine/core"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { ScalingState } from "@/api/types"
import { useFormat } from "@/lib/format"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { useSaveScaling } from "./machines"
import styles from "./machines.module.css"

type Props = { name: string; state: ScalingState; budget: number | null }

export function ScalingStatus({ name, state, budget }: Props) {
  const { t } = useTranslation()
  const save = useSaveScaling()
  const [asking, ask] = useState(false)
  const { scaling } = state
  if (!scaling)
    return (
      <Notice tone="info" title={t("machines.state.none")}>
        {t("machines.state.noneText")}
      </Notice>
    )
  const { enabled } = scaling
  const turn = (on: boolean) =>
    save.mutate(
      { name, scaling: { ...scaling, enabled: on }, etag: state.etag },
      { onSuccess: () => ask(false) },
    )
  return (
    <Notice
      tone={enabled ? (state.failures ? "warn" : "ok") : "warn"}
      title={t(enabled ? "machines.state.on" : "machines.state.off")}
    >
      <Facts state={state} enabled={Boolean(enabled)} budget={budget} />
      {!asking && <ProblemNotice error={save.error} />}
      {enabled ? (
        <Button color="red" onClick={() => ask(true)}>
          {t("machines.stop")}
        </Button>
      ) : (
        <Button loading={save.isPending} onClick={() => turn(true)}>
          {t("machines.start")}
        </Button>
      )}
      <ConfirmDialog
        opened={asking}
        title={t("machines.stopTitle")}
        confirm={t("machines.stop")}
        danger
        busy={save.isPending}
        onConfirm={() => turn(false)}
        onClose={() => ask(false)}
      >
        <p>{t("machines.stopText")}</p>
        <ProblemNotice error={save.error} />
      </ConfirmDialog>
    </Notice>
  )
}

type FactProps = { state: ScalingState; enabled: boolean; budget: number | null }

function Facts({ state, enabled, budget }: FactProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { failures = 0, retry_at: retryAt, machines = [] } = state
  const spent = format.number(state.spent ?? 0)
  const cost =
    budget === null
      ? t("machines.state.spent", { spent })
      : t("machines.state.spentOf", { spent, budget: format.number(budget) })
  const now = !enabled
    ? t("machines.state.offText", { count: machines.length })
    : state.planned_at
      ? t("machines.state.wanted", { count: state.wanted ?? 0 })
      : t("machines.state.unplanned")
  return (
    <>
      <p className={styles.facts}>
        {now} {cost}
      </p>
      {enabled && failures > 0 && (
        <p className={styles.facts}>
          {t("machines.state.failing", {
            count: failures,
            at: retryAt ? format.dateTime(new Date(retryAt)) : "–",
          })}
        </p>
      )}
    </>
  )
}
