/** One run of Terraform: how it ended, its log, its plan. */
import { Loader, Modal } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import type { MachineRun } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { LogText } from "@/ui/text/LogText"
import { runOf } from "./machines"
import styles from "./machines.module.css"

type Props = { name: string; run: MachineRun; onClose: () => void }

export function RunDialog({ name, run, onClose }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data, error } = useQuery(runOf(name, run.id))
  const at = format.dateTime(new Date(run.started_at))
  return (
    <Modal
      opened
      size="xl"
      onClose={onClose}
      title={t("machines.runTitle", { at, interpolation: { escapeValue: false } })}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      <ProblemNotice error={error} />
      {!data && !error && <Loader size="sm" />}
      {data && (
        <>
          {data.problem && (
            <Notice tone="bad" title={t(`machines.outcome.${data.outcome}`)}>
              {data.problem}
            </Notice>
          )}
          <h2>{t("machines.log")}</h2>
          <LogText text={data.log ?? ""} />
          <h2>{t("machines.plan")}</h2>
          {data.plan ? (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
            <pre className={styles.plan} tabIndex={0} role="region" aria-label={t("machines.plan")}>
              {data.plan}
            </pre>
          ) : (
            <p>{t("machines.noPlan")}</p>
          )}
        </>
      )}
    </Modal>
  )
}
