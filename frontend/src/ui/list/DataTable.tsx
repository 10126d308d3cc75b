/** The table of every list: columns as data, rows that become cards where there is little room. */
// biome-ignore-all lint/a11y/noRedundantRoles: cards are `display: block`, which drops the roles that the elements have by themselves
import { Button, UnstyledButton } from "@mantine/core"
import { IconArrowDown, IconArrowsSort, IconArrowUp } from "@tabler/icons-react"
import { useRouterState } from "@tanstack/react-router"
import { type MouseEvent, memo, type ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { EmptyState } from "@/ui/feedback/EmptyState"
import { Pager, type Paging } from "./Pager"
import table from "./table.module.css"

export type Column<Row> = {
  id: string
  header: string
  cell: (row: Row) => ReactNode
  /**
   * `actions`: at the row's end, under a hidden header; `corner`: the same, in the corner of a card;
   * `short`: does not wrap in a table.
   */
  kind?: "actions" | "corner" | "short"
  /** In a card the header is written before the value. */
  labelled?: boolean
  /** What the server sorts by: the smallest first, and the largest first. */
  sort?: { ascending: string; descending: string }
}

type Props<Row> = {
  /** Names the table for screen readers. */
  caption: string
  columns: Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  /** Shown where there is no row; without it, a sentence with a way to the first page. */
  empty?: ReactNode
  paging?: Paging
  sorting?: Sorting
  /** Opens a row's page. The row has a link too: this is a larger target for the mouse only. */
  onOpen?: (row: Row) => void
}

export type Sorting = { by: string; onSort: (by: string) => void }

export function DataTable<Row>(props: Props<Row>) {
  const { rows, columns, paging } = props
  // Other rows are on the way: these are shown, dimmed, until they come.
  const busy = useRouterState({ select: (state) => state.isLoading })
  if (rows.length === 0) return <NoRows empty={props.empty} paging={paging} />
  return (
    <>
      <div className={table.frame}>
        <table role="table" className={table.table} aria-busy={busy}>
          <caption className="md-hidden">{props.caption}</caption>
          <thead role="rowgroup">
            <tr role="row">
              {columns.map((column) => (
                <Header key={column.id} column={column} sorting={props.sorting} />
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {rows.map((row) => (
              <Cells key={props.rowKey(row)} row={row} columns={columns} onOpen={props.onOpen} />
            ))}
          </tbody>
        </table>
      </div>
      {paging && <Pager {...paging} />}
    </>
  )
}

type HeaderProps = { column: Pick<Column<never>, "header" | "kind" | "sort">; sorting?: Sorting }

function Header({ column: { header, kind, sort }, sorting }: HeaderProps) {
  if (!sort || !sorting) {
    return (
      <th role="columnheader" scope="col">
        {kind === "actions" || kind === "corner" ? (
          <span className="md-hidden">{header}</span>
        ) : (
          header
        )}
      </th>
    )
  }
  const up = sorting.by === sort.ascending
  const down = sorting.by === sort.descending
  const SortIcon = up ? IconArrowUp : down ? IconArrowDown : IconArrowsSort
  return (
    <th
      role="columnheader"
      scope="col"
      aria-sort={up ? "ascending" : down ? "descending" : undefined}
    >
      <span className={table.unsorted}>{header}</span>
      <UnstyledButton
        className={table.sort}
        data-sorted={up || down || undefined}
        onClick={() => sorting.onSort(up ? sort.descending : sort.ascending)}
      >
        {header}
        <SortIcon size={14} aria-hidden />
      </UnstyledButton>
    </th>
  )
}

type CellsProps<Row> = Pick<Props<Row>, "columns" | "onOpen"> & { row: Row }

/** Drawn again only when the row or the columns changed: lists of hundreds of live rows. */
const Cells = memo(RowCells) as typeof RowCells

function RowCells<Row>({ row, columns, onOpen }: CellsProps<Row>) {
  const open = (event: MouseEvent) => {
    const control = (event.target as Element).closest("a, button, input, select, summary, label")
    if (!control) onOpen?.(row)
  }
  return (
    <tr role="row" data-opens={onOpen ? true : undefined} onClick={onOpen && open}>
      {columns.map((column, index) => {
        const shown = {
          "data-label": column.labelled ? column.header : undefined,
          "data-kind": column.kind,
        }
        return index === 0 ? (
          <th key={column.id} role="rowheader" scope="row" {...shown}>
            {column.cell(row)}
          </th>
        ) : (
          <td key={column.id} role="cell" {...shown}>
            {column.cell(row)}
          </td>
        )
      })}
    </tr>
  )
}

function NoRows({ empty, paging }: { empty?: ReactNode; paging?: Paging }) {
  const { t } = useTranslation()
  if (empty) return empty
  const beyond = paging && paging.page > 1
  return (
    <EmptyState
      title={t("app.noRows")}
      action={
        beyond && (
          <Button variant="default" mt="sm" onClick={() => paging.onPage(1)}>
            {t("app.firstPage")}
          </Button>
        )
      }
    />
  )
}
