/** Everything that runs, for operators: search, state and page are in the address. */
import { Button, Group } from "@mantine/core"
import { IconActivity } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { EnvironmentEntry } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Status } from "@/ui/feedback/Status"
import type { Column } from "@/ui/list/DataTable"
import { ListPage } from "@/ui/list/ListPage"
import table from "@/ui/list/table.module.css"
import { reasonSentence } from "@/ui/reasons/reasonSentence"
import { Ago } from "@/ui/text/Ago"
import { DetailDialog } from "./DetailDialog"
import { environmentList, PAGE_SIZE, type RunningFilter, STATES, STOPPABLE, TONES } from "./running"
import { StopDialog } from "./StopDialog"

type Props = { filter: RunningFilter; onFilter: (filter: RunningFilter) => void }

/** Milliseconds between two looks while the page is open: operators get no event per environment. */
const LOOK_EVERY = 5_000

export function RunningList({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery({ ...environmentList(filter), refetchInterval: LOOK_EVERY })
  const [act, setAct] = useState<Act | null>(null)
  const close = () => setAct(null)
  return (
    <ListPage
      title={t("running.title")}
      text={t("running.text")}
      filter={filter}
      onFilter={onFilter}
      search={t("running.searchLabel")}
      choices={[
        {
          name: "state",
          label: t("running.stateFilter"),
          all: t("running.allStates"),
          values: STATES,
          textOf: (state) => t(`running.show.${state}`),
        },
      ]}
      data={data}
      pageSize={PAGE_SIZE}
      empty={{ icon: IconActivity, title: t("running.emptyTitle"), text: t("running.emptyText") }}
      noMatch={t("running.noMatch")}
      columns={useColumns(setAct)}
      rowKey={(entry) => entry.id}
    >
      {act?.kind === "stop" && <StopDialog entry={act.entry} onClose={close} />}
      {act?.kind === "detail" && <DetailDialog entry={act.entry} onClose={close} />}
    </ListPage>
  )
}

type Act = { kind: "stop" | "detail"; entry: EnvironmentEntry }

function useColumns(onAct: (act: Act) => void): Column<EnvironmentEntry>[] {
  const { t } = useTranslation()
  return [
    {
      id: "owner",
      header: t("running.column.owner"),
      kind: "short",
      cell: (entry) => (
        <>
          {entry.owner.name}
          <div className={table.under}>{entry.username}</div>
        </>
      ),
    },
    {
      id: "course",
      header: t("running.column.course"),
      labelled: true,
      cell: (entry) => entry.course.title,
    },
    {
      id: "state",
      header: t("running.column.state"),
      cell: (entry) => <State entry={entry} />,
    },
    {
      id: "machine",
      header: t("running.column.machine"),
      labelled: true,
      cell: (entry) => <Machine entry={entry} />,
    },
    {
      id: "actions",
      header: t("running.column.actions"),
      kind: "actions",
      cell: (entry) => <Actions entry={entry} onAct={onAct} />,
    },
  ]
}

function State({ entry }: { entry: EnvironmentEntry }) {
  const { t } = useTranslation()
  return (
    <>
      <Status tone={TONES[entry.phase]}>{t(`running.phase.${entry.phase}`)}</Status>
      <div className={table.under}>
        <Ago at={entry.since} now={new Date()} />
      </div>
      {entry.reason && <div className={table.under}>{reasonSentence(entry.reason, t)}</div>}
      {entry.reason?.reference && <div className={table.under}>{entry.reason.reference}</div>}
    </>
  )
}

function Machine({ entry }: { entry: EnvironmentEntry }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { resources } = entry
  return (
    <>
      {entry.node ?? t("running.noMachine", { pool: entry.pool })}
      {resources && (
        <div className={table.under}>
          {t("running.resources", {
            cpu: format.number(resources.cpu),
            memory: format.memory(resources.memory_mib),
          })}
          {resources.gpu ? ` ${t("running.gpu", { count: resources.gpu })}` : ""}
        </div>
      )}
    </>
  )
}

type ActionsProps = { entry: EnvironmentEntry; onAct: (act: Act) => void }

function Actions({ entry, onAct }: ActionsProps) {
  const { t } = useTranslation()
  const named = {
    name: entry.owner.name,
    title: entry.course.title,
    interpolation: { escapeValue: false },
  }
  return (
    <Group gap="xs" wrap="nowrap">
      <Button
        size="compact-sm"
        variant="default"
        aria-label={t("running.detailNamed", named)}
        onClick={() => onAct({ kind: "detail", entry })}
      >
        {t("running.detail")}
      </Button>
      {STOPPABLE.has(entry.phase) && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={t("running.stopNamed", named)}
          onClick={() => onAct({ kind: "stop", entry })}
        >
          {t("running.stop")}
        </Button>
      )}
    </Group>
  )
}
