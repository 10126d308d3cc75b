/** Everybody who ever came, for operators: search, filter and page are in the address. */
import { Button, VisuallyHidden } from "@mantine/core"
import { IconCheck, IconUsers } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import type { PeopleKind, PersonEntry } from "@/api/types"
import { useFormat } from "@/lib/format"
import { EmptyState } from "@/ui/EmptyState"
import { FilteredList } from "@/ui/FilteredList"
import { FilterSelect } from "@/ui/FilterSelect"
import { PageHeader } from "@/ui/PageHeader"
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
        page={data.page}
        pageSize={PAGE_SIZE}
        onPage={(page) => onFilter({ ...filter, page })}
      >
        <Rows people={data.items} />
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

function Rows({ people }: { people: PersonEntry[] }) {
  const { t } = useTranslation()
  const decide = useDecide()
  return (
    <>
      <ProblemNotice error={decide.error} />
      <div className={table.frame}>
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">{t("people.column.name")}</th>
              <th scope="col">{t("people.column.rights")}</th>
              <th scope="col">{t("people.column.seen")}</th>
              <th scope="col">
                <VisuallyHidden>{t("people.column.actions")}</VisuallyHidden>
              </th>
            </tr>
          </thead>
          <tbody>
            {people.map((person) => (
              <Row key={person.id} person={person} decide={decide} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function Row({ person, decide }: { person: PersonEntry; decide: ReturnType<typeof useDecide> }) {
  const { t } = useTranslation()
  const format = useFormat()
  const seen = new Date(person.seen_at)
  return (
    <tr>
      <td>
        <span className={table.name}>{person.name}</span>
        {person.email && <div className={table.under}>{person.email}</div>}
        <div className={`${table.under} ${styles.account}`}>
          {t("people.account", { subject: person.subject, issuer: person.issuer })}
        </div>
      </td>
      <td>
        <PersonRights person={person} />
        {person.build_approval === "asked" && person.can.includes("approve_build") && (
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
        )}
      </td>
      <td data-label={t("people.column.seen")}>
        <span title={format.exact(seen)}>{format.fromNow(seen, new Date())}</span>
      </td>
      <td className={table.end}>
        <PersonActions person={person} decide={decide} />
      </td>
    </tr>
  )
}
