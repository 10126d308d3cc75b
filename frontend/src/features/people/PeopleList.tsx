/** Everybody who ever came, for operators: search, filter and page are in the address. */
import { Button } from "@mantine/core"
import { IconCheck, IconUsers } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import type { PersonEntry } from "@/api/types"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import type { Column } from "@/ui/list/DataTable"
import { ListPage } from "@/ui/list/ListPage"
import table from "@/ui/list/table.module.css"
import { Ago } from "@/ui/text/Ago"
import { PersonActions } from "./PersonActions"
import { PersonRights } from "./PersonRights"
import { KINDS, PAGE_SIZE, type PeopleFilter, peopleList, useDecide } from "./people"
import styles from "./people.module.css"

type Props = { filter: PeopleFilter; onFilter: (filter: PeopleFilter) => void }

export function PeopleList({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(peopleList(filter))
  const decide = useDecide()
  return (
    <ListPage
      title={t("people.listTitle")}
      text={t("people.listText")}
      above={<ProblemNotice error={decide.error} />}
      filter={filter}
      onFilter={onFilter}
      search={t("people.searchLabel")}
      choices={[
        {
          name: "kind",
          label: t("people.kindFilter"),
          all: t("people.all"),
          values: KINDS,
          textOf: (kind) => t(`people.kind.${kind}`),
          width: 320,
        },
      ]}
      data={data}
      pageSize={PAGE_SIZE}
      empty={{ icon: IconUsers, title: t("people.emptyTitle"), text: t("people.emptyText") }}
      noMatch={filter.kind === "waiting" ? t("people.nobodyWaits") : t("people.noMatch")}
      columns={useColumns(decide)}
      rowKey={(person) => person.id}
    />
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
