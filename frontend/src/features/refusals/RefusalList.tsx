/** Refused sign-ins: search by reference, filter by reason, the rest behind each row. */
import { Button } from "@mantine/core"
import { IconDoorOff } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import type { RefusedEntry } from "@/api/types"
import type { Column } from "@/ui/list/DataTable"
import { ListPage } from "@/ui/list/ListPage"
import table from "@/ui/list/table.module.css"
import { Ago } from "@/ui/text/Ago"
import { PAGE_SIZE, type RefusalFilter, refusalList } from "./refusals"
import styles from "./refusals.module.css"

type Props = { filter: RefusalFilter; onFilter: (filter: RefusalFilter) => void }

export function RefusalList({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(refusalList(filter))
  const byCount = Object.entries(data.reasons).sort(([, left], [, right]) => right - left)
  return (
    <ListPage
      title={t("refusals.title")}
      text={t("refusals.text")}
      filter={filter}
      onFilter={onFilter}
      search={t("refusals.searchLabel")}
      choices={[
        {
          name: "reason",
          label: t("refusals.reasonFilter"),
          all: t("refusals.allReasons"),
          values: byCount.map(([reason]) => reason),
          textOf: (reason) =>
            t("refusals.reasonCount", { reason, count: data.reasons[reason] ?? 0 }),
          width: 320,
        },
      ]}
      more={
        filter.platform && (
          <Button
            variant="default"
            onClick={() => onFilter({ ...filter, platform: undefined, page: undefined })}
          >
            {t("refusals.everyPlatform")}
          </Button>
        )
      }
      data={data}
      pageSize={PAGE_SIZE}
      empty={{ icon: IconDoorOff, title: t("refusals.emptyTitle"), text: t("refusals.emptyText") }}
      noMatch={t("refusals.noMatch")}
      columns={useColumns()}
      rowKey={(refusal) => refusal.reference}
    />
  )
}

function useColumns(): Column<RefusedEntry>[] {
  const { t } = useTranslation()
  const now = new Date()
  return [
    {
      id: "reference",
      header: t("refusals.column.reference"),
      cell: (entry) => <Details entry={entry} />,
    },
    {
      id: "reason",
      header: t("refusals.column.reason"),
      labelled: true,
      cell: (entry) => <code>{entry.reason}</code>,
    },
    {
      id: "platform",
      header: t("refusals.column.platform"),
      labelled: true,
      cell: (entry) => entry.platform ?? t("refusals.unknownPlatform"),
    },
    {
      id: "when",
      header: t("refusals.column.when"),
      labelled: true,
      cell: (entry) => <Ago at={entry.refused_at} now={now} />,
    },
  ]
}

function Details({ entry }: { entry: RefusedEntry }) {
  const { t } = useTranslation()
  return (
    <details>
      <summary aria-label={t("refusals.details", { reference: entry.reference })}>
        <code>{entry.reference}</code>
      </summary>
      <h2 className={styles.part}>{t("refusals.facts")}</h2>
      <Facts facts={entry.facts} nothing={t("refusals.nothing")} />
      <h2 className={styles.part}>{t("refusals.claims")}</h2>
      <Facts facts={entry.claims ?? {}} nothing={t("refusals.noClaims")} />
    </details>
  )
}

type Fact = string | number | string[] | null

function Facts({ facts, nothing }: { facts: Record<string, Fact>; nothing: string }) {
  const known = Object.entries(facts)
  if (known.length === 0) return <p className={table.under}>{nothing}</p>
  return (
    <dl className={styles.facts}>
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{Array.isArray(value) ? value.join(", ") : String(value)}</dd>
        </div>
      ))}
    </dl>
  )
}
