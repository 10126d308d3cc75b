/** The machines that Terraform made or makes, and what keeps those that leave. */
import { useTranslation } from "react-i18next"
import type { Machine } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Status } from "@/ui/feedback/Status"
import type { Tone } from "@/ui/feedback/tones"
import { type Column, DataTable } from "@/ui/list/DataTable"
import table from "@/ui/list/table.module.css"
import { Section } from "@/ui/page/Section"

const TONES: Record<Machine["state"], Tone> = {
  ordered: "info",
  made: "info",
  ready: "ok",
  leaving: "warn",
  removing: "still",
  removed: "still",
}

export function MachineTable({ machines }: { machines: Machine[] }) {
  const { t } = useTranslation()
  const columns = useColumns()
  return (
    <Section title={t("machines.list")}>
      {machines.length === 0 ? (
        <p>{t("machines.none")}</p>
      ) : (
        <DataTable
          caption={t("machines.list")}
          columns={columns}
          rows={machines}
          rowKey={(machine) => machine.name}
        />
      )}
    </Section>
  )
}

function useColumns(): Column<Machine>[] {
  const { t } = useTranslation()
  const format = useFormat()
  return [
    { id: "name", header: t("machines.column.name"), cell: (machine) => machine.name },
    {
      id: "state",
      header: t("machines.column.state"),
      kind: "short",
      cell: (machine) => (
        <>
          <Status tone={machine.problem ? "bad" : TONES[machine.state]}>
            {t(`machines.machineState.${machine.state}`)}
          </Status>
          <div className={table.under}>
            {machine.problem
              ? t(`machines.problem.${machine.problem}`)
              : format.dateTime(new Date(machine.since))}
          </div>
        </>
      ),
    },
    {
      id: "use",
      header: t("machines.column.use"),
      labelled: true,
      cell: ({ environments = 0, folders = 0 }) => (
        <>
          {t("nodes.environments", { count: environments })}
          {folders > 0 && (
            <div className={table.under}>{t("machines.folders", { count: folders })}</div>
          )}
        </>
      ),
    },
    {
      id: "cost",
      header: t("machines.column.cost"),
      kind: "short",
      labelled: true,
      cell: (machine) => format.number(machine.cost ?? 0),
    },
  ]
}
