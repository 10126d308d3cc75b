/** Refused entries: search by reference, filter by reason, the rest behind each row. */
import { Button } from "@mantine/core"
import { IconDoorOff } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import type { RefusedEntry } from "@/api/types"
import { Ago } from "@/ui/Ago"
import { type Column, DataTable } from "@/ui/DataTable"
import { EmptyState } from "@/ui/EmptyState"
import { FilteredList } from "@/ui/FilteredList"
import { FilterSelect } from "@/ui/FilterSelect"
import { PageHeader } from "@/ui/PageHeader"
import { SearchField } from "@/ui/SearchField"
import table from "@/ui/table.module.css"
import { PAGE_SIZE, type RefusalFilter, refusalList } from "./refusals"
import styles from "./refusals.module.css"

type Props = { filter: RefusalFilter; onFilter: (filter: RefusalFilter) => void }

export function RefusalList({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(refusalList(filter))
  const columns = useColumns()
  const filtered = Boolean(filter.search || filter.reason || filter.platform)
  return (
    <>
      <PageHeader title={t("refusals.title")}>{t("refusals.text")}</PageHeader>
      <FilteredList
        total={data.total}
        filtered={filtered}
        empty={
          <EmptyState
            icon={<IconDoorOff size={40} stroke={1.4} aria-hidden />}
            title={t("refusals.emptyTitle")}
            text={t("refusals.emptyText")}
          />
        }
        filters={<Filters filter={filter} onFilter={onFilter} reasons={data.reasons} />}
        noMatch={t("refusals.noMatch")}
        clear={{ label: t("refusals.clearFilters"), onClear: () => onFilter({}) }}
      >
        <DataTable
          caption={t("refusals.title")}
          columns={columns}
          rows={data.items}
          rowKey={(entry) => entry.reference}
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

function Filters({ filter, onFilter, reasons }: Props & { reasons: Record<string, number> }) {
  const { t } = useTranslation()
  const narrowed = (facts: RefusalFilter) => onFilter({ ...filter, ...facts, page: undefined })
  const known = Object.entries(reasons).sort(([, left], [, right]) => right - left)
  return (
    <>
      <SearchField
        label={t("refusals.searchLabel")}
        value={filter.search ?? ""}
        onSearch={(search) => narrowed({ search: search || undefined })}
      />
      <FilterSelect
        label={t("refusals.reasonFilter")}
        all={t("refusals.allReasons")}
        choices={known.map(([reason, count]) => ({
          value: reason,
          label: t("refusals.reasonCount", { reason, count }),
        }))}
        value={filter.reason}
        onChoose={(reason) => narrowed({ reason })}
        width={320}
      />
      {filter.platform && (
        <Button variant="default" onClick={() => narrowed({ platform: undefined })}>
          {t("refusals.everyPlatform")}
        </Button>
      )}
    </>
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
