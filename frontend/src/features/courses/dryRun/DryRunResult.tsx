/** What a dry run found: in words, as a picture, and as the table behind it. */
import { Stack, Text } from "@mantine/core"
import { lazy, Suspense } from "react"
import { useTranslation } from "react-i18next"
import type { DryRun } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Notice } from "@/ui/feedback/Notice"
import { Patience } from "@/ui/feedback/Patience"
import { Status } from "@/ui/feedback/Status"
import { type Column, DataTable } from "@/ui/list/DataTable"
import { Section } from "@/ui/page/Section"
import { type ReadyRow, rowsOf } from "./dryRun"

// The charts' library is as large as the rest of the page: only pages with pictures load it.
const DryRunChart = lazy(() => import("./DryRunChart"))
const SHORT = 120_000

type Props = { answer: DryRun; spread: number }

export function DryRunResult({ answer, spread }: Props) {
  const { t } = useTranslation()
  const columns = useColumns()
  const rows = rowsOf(answer)
  return (
    <>
      <Verdict answer={answer} spread={spread} />
      {rows.length > 0 && (
        <Section title={t("dryRun.ready")} text={<Basis answer={answer} />}>
          <Stack gap="md">
            <Suspense fallback={<Patience />}>
              <DryRunChart answer={answer} />
            </Suspense>
            <details>
              <summary>{t("dryRun.showTable")}</summary>
              <DataTable
                caption={t("dryRun.ready")}
                columns={columns}
                rows={rows}
                rowKey={(row) => String(row.from)}
              />
            </details>
          </Stack>
        </Section>
      )}
    </>
  )
}

function Verdict({ answer, spread }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const after = useAfter()
  const now = new Date()
  const pool = answer.pool_title
  const first = answer.groups[0]
  const all = answer.all_ready_at && first && after(first.asked_at, answer.all_ready_at)
  const half = answer.half_ready_at && first && after(first.asked_at, answer.half_ready_at)
  const tone = answer.never > 0 ? "bad" : answer.queued > 0 ? "warn" : "ok"
  const why = { machines: "short", size: "size", none_usable: "noneUsable" } as const
  return (
    <Notice
      polite
      tone={tone}
      title={
        answer.never > 0
          ? t("dryRun.never", { count: answer.never, students: answer.students })
          : answer.queued > 0
            ? t("dryRun.queued", { count: answer.queued, students: answer.students })
            : t("dryRun.all", { count: answer.students, after: all })
      }
    >
      <Stack gap={2}>
        {answer.shortage && <span>{t(`dryRun.why.${why[answer.shortage]}`, { pool })}</span>}
        {answer.never > 0 && !answer.shortage && <span>{t("dryRun.why.late")}</span>}
        {answer.queued > 0 && <span>{t("dryRun.atOnce", { count: answer.at_once })}</span>}
        {answer.queued > 0 && answer.all_ready_at && (
          <span>
            {t("dryRun.allBy", { at: format.moment(new Date(answer.all_ready_at), now) })}
          </span>
        )}
        {half && answer.queued === 0 && <span>{t("dryRun.half", { after: half })}</span>}
        {answer.machines_to_add > 0 && (
          <span>{t("dryRun.add", { count: answer.machines_to_add, pool })}</span>
        )}
        {spread > 0 && <span>{t("dryRun.spreadOver", { count: spread })}</span>}
      </Stack>
    </Notice>
  )
}

function Basis({ answer }: { answer: DryRun }) {
  const { t } = useTranslation()
  const format = useFormat()
  const seconds = format.number(answer.start_seconds)
  return (
    <Text component="span" size="sm" c="dimmed">
      {answer.measured_starts > 0
        ? t("dryRun.measured", { count: answer.measured_starts, seconds })
        : t("dryRun.assumed", { seconds })}{" "}
      {t("dryRun.simulated")}
    </Text>
  )
}

/** From a click to being ready: in seconds as long as people count them. */
function useAfter() {
  const format = useFormat()
  return (from: string | Date, to: string | Date) => {
    const length = new Date(to).getTime() - new Date(from).getTime()
    return length < SHORT ? `${Math.ceil(length / 1000)}\u00a0s` : format.duration(length)
  }
}

function useColumns(): Column<ReadyRow>[] {
  const { t } = useTranslation()
  const format = useFormat()
  const after = useAfter()
  return [
    {
      id: "students",
      header: t("dryRun.column.students"),
      cell: ({ from, to }) =>
        from === to ? format.number(from) : `${format.number(from)}–${format.number(to)}`,
    },
    {
      id: "ready",
      header: t("dryRun.column.ready"),
      labelled: true,
      cell: ({ ready }) => <span title={format.exact(ready)}>{format.time(ready)}</span>,
    },
    {
      id: "after",
      header: t("dryRun.column.after"),
      labelled: true,
      cell: ({ asked, ready }) => after(asked, ready),
    },
    {
      id: "waits",
      header: t("dryRun.column.room"),
      labelled: true,
      cell: ({ waits }) => (
        <Status tone={waits ? "warn" : "ok"}>
          {t(waits ? "dryRun.inQueue" : "dryRun.hasRoom")}
        </Status>
      ),
    },
  ]
}
