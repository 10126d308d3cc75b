/** Work folders for operators: which courses' folders go next, volumes of nobody, erasures. */
import { Button, Stack } from "@mantine/core"
import { useQuery, useSuspenseQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { useFormat } from "@/lib/format"
import { Status } from "@/ui/feedback/Status"
import { type Column, DataTable } from "@/ui/list/DataTable"
import { ListPage } from "@/ui/list/ListPage"
import table from "@/ui/list/table.module.css"
import { Section } from "@/ui/page/Section"
import { Ago } from "@/ui/text/Ago"
import { Postpone } from "./CourseFoldersNotice"
import { Orphans } from "./Orphans"
import {
  type CourseFolders,
  ERASURE_STATES,
  type Erasure,
  type ErasureFilter,
  endingCourses,
  erasureList,
  PAGE_SIZE,
  useAbandon,
} from "./retention"
import { SizeOfFolders } from "./WhatGoes"

type Props = { filter: ErasureFilter; onFilter: (filter: ErasureFilter) => void }

export function FoldersPage({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(erasureList(filter))
  return (
    <ListPage
      title={t("retention.title")}
      text={t("retention.text")}
      above={
        <Stack gap="md">
          <Ending />
          <Orphans />
          <h2>{t("retention.erasures")}</h2>
        </Stack>
      }
      filter={filter}
      onFilter={onFilter}
      search={t("retention.search")}
      choices={[
        {
          name: "state",
          label: t("retention.stateFilter"),
          all: t("retention.allStates"),
          values: ERASURE_STATES,
          textOf: (state) => t(`retention.state.${state}`),
          width: 240,
        },
      ]}
      data={data}
      pageSize={PAGE_SIZE}
      empty={{ title: t("retention.noErasures"), text: t("retention.noErasuresText") }}
      noMatch={t("retention.noMatch")}
      columns={useErasureColumns()}
      rowKey={(erasure) => erasure.id}
    />
  )
}

function Ending() {
  const { t } = useTranslation()
  const { data } = useQuery(endingCourses())
  const columns = useEndingColumns()
  if (!data) return null
  const { policy, items } = data
  return (
    <Section
      title={t("retention.ending")}
      text={t(policy.retention ? "retention.policy" : "retention.policyNever", {
        days: policy.retention,
        notice: policy.notice,
        last: policy.last_notice,
        deletion: policy.deletion,
      })}
    >
      {items.length === 0 ? (
        <p className={table.under}>{t("retention.noneEnding")}</p>
      ) : (
        <DataTable
          caption={t("retention.ending")}
          columns={columns}
          rows={items}
          rowKey={(course) => course.course_id}
        />
      )}
    </Section>
  )
}

function useEndingColumns(): Column<CourseFolders>[] {
  const { t } = useTranslation()
  const format = useFormat()
  return [
    {
      id: "course",
      header: t("retention.column.course"),
      cell: (course) => <span className={table.name}>{course.course_title}</span>,
    },
    {
      id: "folders",
      header: t("retention.column.folders"),
      labelled: true,
      cell: (course) => (
        <>
          {t("retention.folders", { count: course.folders })}{" "}
          {t("retention.of", { count: course.people })}
          <div className={table.under}>
            <SizeOfFolders folders={course} />
          </div>
        </>
      ),
    },
    {
      id: "when",
      header: t("retention.column.when"),
      labelled: true,
      cell: (course) => (
        <>
          {course.erase_at && format.date(new Date(course.erase_at))}
          <div className={table.under}>
            {t(course.deleted_at ? "retention.why.deleted" : "retention.why.ended")}
          </div>
        </>
      ),
    },
    {
      id: "actions",
      header: t("retention.column.actions"),
      kind: "actions",
      cell: (course) => <Postpone folders={course} />,
    },
  ]
}

function useErasureColumns(): Column<Erasure>[] {
  const { t } = useTranslation()
  const now = new Date()
  const abandon = useAbandon()
  return [
    {
      id: "folder",
      header: t("retention.column.folder"),
      cell: (erasure) => (
        <>
          <span className={table.name}>
            {erasure.course_title || t(`retention.cause.${erasure.cause}`)}
          </span>
          <div className={table.under}>
            <code>{erasure.volume}</code>
          </div>
        </>
      ),
    },
    {
      id: "why",
      header: t("retention.column.why"),
      labelled: true,
      cell: (erasure) => (
        <>
          {t(`retention.cause.${erasure.cause}`)}
          {erasure.asked_by && <div className={table.under}>{erasure.asked_by}</div>}
        </>
      ),
    },
    {
      id: "state",
      header: t("retention.column.state"),
      labelled: true,
      cell: (erasure) => <ErasureState erasure={erasure} now={now} />,
    },
    {
      id: "actions",
      header: t("retention.column.actions"),
      kind: "actions",
      cell: (erasure) =>
        !erasure.erased_at && erasure.problem ? (
          <Button
            variant="default"
            size="compact-sm"
            loading={abandon.isPending && abandon.variables === erasure.id}
            aria-label={t("retention.abandonNamed", { volume: erasure.volume })}
            onClick={() => abandon.mutate(erasure.id)}
          >
            {t("retention.abandon")}
          </Button>
        ) : null,
    },
  ]
}

function ErasureState({ erasure, now }: { erasure: Erasure; now: Date }) {
  const { t } = useTranslation()
  if (erasure.problem === "abandoned") {
    return <Status tone="still">{t("retention.state.abandoned")}</Status>
  }
  if (erasure.erased_at) {
    return (
      <>
        <Status tone="ok">{t("retention.state.erased")}</Status>{" "}
        <Ago at={erasure.erased_at} now={now} />
      </>
    )
  }
  if (!erasure.problem) return <Status tone="info">{t("retention.state.pending")}</Status>
  return (
    <>
      <Status tone="warn">{t("retention.state.failing")}</Status>
      <div className={table.under}>
        {t(erasure.problem === "volume_in_use" ? "retention.inUse" : "retention.machineAway", {
          count: erasure.tries,
        })}
      </div>
    </>
  )
}
