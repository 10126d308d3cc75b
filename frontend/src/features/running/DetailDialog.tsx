/** What support needs about one environment: what was started, where, and why it failed. */
import { Loader, Modal } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { api } from "@/api/client"
import type { EnvironmentDetail, EnvironmentEntry } from "@/api/types"
import { useFormat } from "@/lib/format"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { reasonSentence } from "@/ui/reasons/reasonSentence"
import styles from "./running.module.css"

export function DetailDialog({ entry, onClose }: { entry: EnvironmentEntry; onClose: () => void }) {
  const { t } = useTranslation()
  const { data, error } = useQuery(
    api.queryOptions("get", "/api/environments/{environment_id}", {
      params: { path: { environment_id: entry.id } },
    }),
  )
  const named = {
    name: entry.owner.name,
    title: entry.course.title,
    interpolation: { escapeValue: false },
  }
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t("running.detailNamed", named)}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      <ProblemNotice error={error} />
      {data ? <Facts detail={data} /> : !error && <Loader size="sm" />}
    </Modal>
  )
}

function Facts({ detail }: { detail: EnvironmentDetail }) {
  const { t } = useTranslation()
  const format = useFormat()
  const at = (moment: string | null | undefined) =>
    moment ? format.dateTime(new Date(moment)) : null
  const { reason } = detail
  return (
    <>
      <dl className={styles.facts}>
        <Fact name={t("running.fact.state")}>{t(`running.phase.${detail.phase}`)}</Fact>
        <Fact name={t("running.fact.why")}>{reason && reasonSentence(reason, t)}</Fact>
        <Fact name={t("app.reference")}>{reason?.reference}</Fact>
        <Fact name={t("running.fact.engine")}>{reason?.detail}</Fact>
        <Fact name={t("running.fact.machine")}>{detail.node}</Fact>
        <Fact name={t("running.fact.pool")}>{detail.pool}</Fact>
        <Fact name={t("running.fact.asked")}>{at(detail.asked_at)}</Fact>
        <Fact name={t("running.fact.ready")}>{at(detail.ready_at)}</Fact>
        <Fact name={t("running.fact.ends")}>{at(detail.ends_at)}</Fact>
        <Fact name={t("running.fact.attempt")}>{format.number(detail.attempt)}</Fact>
        <Fact name={t("running.fact.image")}>
          <code className={styles.image}>{detail.image}</code>
        </Fact>
      </dl>
      {detail.last_logs && (
        <>
          <h3 className={styles.logsTitle}>{t("running.fact.logs")}</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long output scrolls by keyboard */}
          <pre className={styles.logs} tabIndex={0}>
            {detail.last_logs}
          </pre>
        </>
      )}
    </>
  )
}

/** A named fact; nothing where it is not known. */
function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (!children) return null
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
