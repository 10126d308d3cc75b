/** The delivery log of a webhook: state, answer, and a way to send again. */
import { Button } from "@mantine/core"
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { DeliveryShown, WebhookShown } from "@/api/types"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { type Column, DataTable } from "@/ui/list/DataTable"
import table from "@/ui/list/table.module.css"
import { Ago } from "@/ui/text/Ago"
import styles from "./Webhooks.module.css"
import { deliveriesOf, PAGE_SIZE, useReplay } from "./webhooks"

const REFRESH_MS = 2000
/** While something waits. */
const ERRORS = [
  "timeout",
  "unreachable",
  "address_private",
  "not_visible",
  "webhook_disabled",
] as const
type KnownError = (typeof ERRORS)[number]

export function Deliveries({ webhook }: { webhook: WebhookShown }) {
  const { t } = useTranslation()
  const [page, setPage] = useState(1)
  const { data, error } = useQuery({
    ...deliveriesOf(webhook.id, page),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.items.some((entry) => entry.state === "waiting") ? REFRESH_MS : false,
  })
  const replay = useReplay(webhook.id)
  const columns = useColumns(webhook.enabled, (entry) => replay.mutate(entry.id))
  if (!data) return <ProblemNotice error={error} />
  return (
    <>
      <ProblemNotice error={replay.error} />
      <DataTable
        caption={t("webhooks.deliveriesOf", { name: webhook.name })}
        columns={columns}
        rows={data.items}
        rowKey={(entry) => entry.id}
        empty={<p>{t("webhooks.noDeliveries")}</p>}
        paging={{ page, pageSize: PAGE_SIZE, total: data.total, onPage: setPage }}
      />
    </>
  )
}

function useColumns(
  enabled: boolean,
  onReplay: (entry: DeliveryShown) => void,
): Column<DeliveryShown>[] {
  const { t } = useTranslation()
  const now = new Date()
  return [
    {
      id: "what",
      header: t("webhooks.column.what"),
      cell: (entry) => (
        <>
          <span className={table.name}>{entry.kind}</span>
          <div className={table.under}>
            <Ago at={entry.created_at} now={now} />
          </div>
        </>
      ),
    },
    {
      id: "state",
      header: t("webhooks.column.state"),
      labelled: true,
      cell: (entry) => (
        <>
          {t(`webhooks.state.${entry.state}`)}
          <div className={table.under}>{t("webhooks.attempts", { count: entry.attempts })}</div>
        </>
      ),
    },
    {
      id: "answer",
      header: t("webhooks.column.answer"),
      labelled: true,
      cell: (entry) => <Answer entry={entry} />,
    },
    {
      id: "actions",
      header: t("webhooks.replay"),
      kind: "actions",
      cell: (entry) =>
        enabled &&
        entry.state !== "waiting" && (
          <Button
            variant="default"
            size="sm"
            aria-label={t("webhooks.replayOf", { kind: entry.kind })}
            onClick={() => onReplay(entry)}
          >
            {t("webhooks.replay")}
          </Button>
        ),
    },
  ]
}

function Answer({ entry }: { entry: DeliveryShown }) {
  const { t } = useTranslation()
  if (entry.error) {
    const known = ERRORS.includes(entry.error as KnownError)
    return <>{known ? t(`webhooks.error.${entry.error as KnownError}`) : entry.error}</>
  }
  if (entry.status === null) return <>{t("webhooks.noAnswer")}</>
  return (
    <>
      HTTP {entry.status}
      {entry.excerpt && <code className={styles.excerpt}>{entry.excerpt}</code>}
    </>
  )
}
