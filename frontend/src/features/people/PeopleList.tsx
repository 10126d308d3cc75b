/** Everybody who ever came, for operators: search, filter and page are in the address. */
import { Button } from "@mantine/core"
import { IconCheck, IconUsers } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import type { PeopleKind, PersonEntry } from "@/api/types"
import { Ago } from "@/ui/Ago"
import { type Column, DataTable } from "@/ui/DataTable"
import { EmptyState } from "@/ui/EmptyState"
import { FilteredList } from "@/ui/FilteredList"
import { FilterSelect } from "@/ui/FilterSelect"
import { PageHeader } from "@/ui/PageHeader"
import type { Paging } from "@/ui/Pager"
import { ProblemNotice } from "@/ui/ProblemNotice"
import { SearchField } from "@/ui/SearchField"
import table from "@/ui/table.module.css"
import { PersonActions } from "./PersonActions"
import { PersonRights } from "./PersonRights"
import { KINDS, PAGE_SIZE, type PeopleFilter, peopleList, useDecide } from "./people"
import styles from "./people.module.css"

type Props = { filter: PeopleFilter; onFilter: (filter: PeopleFilter) => void }

export function PeopleList({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(peopleList(filter))
  const filtered = Boolean(filter.search || filter.kind)
  return (
    <>
      <PageHeader title={t("people.listTitle")}>{t("people.listText")}</PageHeader>
      <FilteredList
        total={data.total}
        filtered={filtered}
        empty={
          <EmptyState
            icon={<IconUsers size={40} stroke={1.4} aria-hidden />}
            title={t("people.emptyTitle")}
            text={t("people.emptyText")}
          />
        }
        filters={<Filters filter={filter} onFilter={onFilter} />}
        noMatch={filter.kind === "waiting" ? t("people.nobodyWaits") : t("people.noMatch")}
        clear={{ label: t("people.clearFilters"), onClear: () => onFilter({}) }}
      >
        <Rows
          people={data.items}
          paging={{
            page: data.page,
            pageSize: PAGE_SIZE,
            total: data.total,
            onPage: (page) => onFilter({ ...filter, page }),
          }}
        />
      </FilteredList>
    </>
  )
}

function Filters({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const narrowed = (facts: PeopleFilter) => onFilter({ ...filter, ...facts, page: undefined })
  return (
    <>
      <SearchField
        label={t("people.searchLabel")}
        value={filter.search ?? ""}
        onSearch={(search) => narrowed({ search: search || undefined })}
      />
      <FilterSelect
        label={t("people.kindFilter")}
        all={t("people.all")}
        choices={KINDS.map((kind) => ({ value: kind, label: t(`people.kind.${kind}`) }))}
        value={filter.kind}
        onChoose={(kind) => narrowed({ kind: kind as PeopleKind | undefined })}
        width={320}
      />
    </>
  )
}

type RowsProps = { people: PersonEntry[]; paging: Paging }

function Rows({ people, paging }: RowsProps) {
  const { t } = useTranslation()
  const decide = useDecide()
  const columns = useColumns(decide)
  return (
    <>
      <ProblemNotice error={decide.error} />
      <DataTable
        caption={t("people.listTitle")}
        columns={columns}
        rows={people}
        rowKey={(person) => person.id}
        paging={paging}
      />
    </>
  )
}

function useColumns(decide: ReturnType<typeof useDecide>): Column<PersonEntry>[] {
  const { t } = useTranslation()
  const now = new Date()
  return [
    {
      id: "name",
      header: t("people.column.name"),
      cell: (person) => (
        <>
          <span className={table.name}>{person.name}</span>
          {person.email && <div className={table.under}>{person.email}</div>}
          <div className={`${table.under} ${styles.account}`}>
            {t("people.account", { subject: person.subject, issuer: person.issuer })}
          </div>
        </>
      ),
    },
    {
      id: "rights",
      header: t("people.column.rights"),
      cell: (person) => (
        <>
          <PersonRights person={person} />
          <Approve person={person} decide={decide} />
        </>
      ),
    },
    {
      id: "seen",
      header: t("people.column.seen"),
      labelled: true,
      cell: (person) => <Ago at={person.seen_at} now={now} />,
    },
    {
      id: "actions",
      header: t("people.column.actions"),
      kind: "corner",
      cell: (person) => <PersonActions person={person} decide={decide} />,
    },
  ]
}

type ApproveProps = { person: PersonEntry; decide: ReturnType<typeof useDecide> }

function Approve({ person, decide }: ApproveProps) {
  const { t } = useTranslation()
  if (person.build_approval !== "asked" || !person.can.includes("approve_build")) return null
  return (
    <Button
      mt={6}
      size="compact-sm"
      variant="default"
      leftSection={<IconCheck size={16} aria-hidden />}
      aria-label={t("people.approveNamed", { name: person.name })}
      loading={decide.isPending && decide.variables.personId === person.id}
      onClick={() => decide.mutate({ personId: person.id, act: "approve_build" })}
    >
      {t("people.approve")}
    </Button>
  )
}
