/** Runs of Terraform, the newest first; each opens with its log and its plan. */
import { UnstyledButton } from "@mantine/core"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { MachineRun } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Status } from "@/ui/feedback/Status"
import type { Tone } from "@/ui/feedback/tones"
import { type Column, DataTable } from "@/ui/list/DataTable"
import table from "@/ui/list/table.module.css"
import { Section } from "@/ui/page/Section"
import { RUNS_SHOWN, runsOf } from "./machines"
import { RunDialog } from "./RunDialog"

const TONES: Record<MachineRun["outcome"], Tone> = {
  running: "info",
  succeeded: "ok",
  failed: "bad",
  interrupted: "warn",
  refused: "bad",
}

type Props = { name: string; page: number; onPage: (page: number) => void }

export function RunTable({ name, page, onPage }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(runsOf(name, page))
  const [opened, open] = useState<MachineRun | null>(null)
  const columns = useColumns(open)
  return (
    <Section title={t("machines.runs")} text={t("machines.runsText")}>
      {data.total === 0 ? (
        <p>{t("machines.noRuns")}</p>
      ) : (
        <DataTable
          caption={t("machines.runs")}
          columns={columns}
          rows={data.items}
          rowKey={(run) => run.id}
          onOpen={open}
          paging={{ page: data.page, pageSize: RUNS_SHOWN, total: data.total, onPage }}
        />
      )}
      {opened && <RunDialog name={name} run={opened} onClose={() => open(null)} />}
    </Section>
  )
}

function useColumns(onOpen: (run: MachineRun) => void): Column<MachineRun>[] {
  const { t } = useTranslation()
  const format = useFormat()
  return [
    {
      id: "run",
      header: t("machines.column.run"),
      cell: (run) => (
        <UnstyledButton className={table.name} onClick={() => onOpen(run)}>
          {format.dateTime(new Date(run.started_at))}
        </UnstyledButton>
      ),
    },
    {
      id: "outcome",
      header: t("machines.column.outcome"),
      cell: (run) => (
        <>
          <Status tone={TONES[run.outcome]}>{t(`machines.outcome.${run.outcome}`)}</Status>
          {run.problem && <div className={table.under}>{run.problem.split("\n")[0]}</div>}
        </>
      ),
    },
    {
      id: "change",
      header: t("machines.column.change"),
      labelled: true,
      cell: ({ adding, removing, reasons = [] }) => (
        <>
          {[
            adding.length > 0 && t("machines.adds", { count: adding.length }),
            removing.length > 0 && t("machines.removes", { count: removing.length }),
          ]
            .filter(Boolean)
            .join(" · ")}
          <Reasons reasons={reasons} />
        </>
      ),
    },
    {
      id: "price",
      header: t("machines.column.price"),
      kind: "short",
      labelled: true,
      cell: (run) => (run.ended_at ? format.number(run.hourly_price ?? 0) : "–"),
    },
  ]
}

/** Why the plan asked for it, in the words of the forecast. */
function Reasons({ reasons }: { reasons: string[] }) {
  const { t, i18n } = useTranslation()
  const known = reasons.filter((reason) => i18n.exists(`forecast.reason.${reason}`))
  if (known.length === 0) return null
  return (
    <div className={table.under}>
      {known.map((reason) => t(`forecast.reason.${reason as "made"}`)).join(" · ")}
    </div>
  )
}
