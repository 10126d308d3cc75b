/**
 * A screen that is a list: header, filters, table, pages, and what is said where nothing is there.
 * The filter is the address of the route; the rows are one page of the api's answer.
 */
import type { Icon } from "@tabler/icons-react"
import type { ReactNode } from "react"
import { EmptyState } from "@/ui/feedback/EmptyState"
import { PageHeader } from "@/ui/page/PageHeader"
import { type Column, DataTable } from "./DataTable"
import { FilteredList } from "./FilteredList"
import { type Filtering, isFiltered, type ListFilter } from "./ListFilters"

/** One page of a list, as the api answers it. */
type PageOf<Row> = { items: Row[]; total: number; page: number }

type Props<Row, Filter extends ListFilter> = Filtering<Filter> & {
  title: string
  text: string
  /** At the right of the header; beside the empty list where that has no action of its own. */
  action?: ReactNode
  /** Between header and filters: tabs, notices. */
  above?: ReactNode
  data: PageOf<Row>
  pageSize: number
  empty: { icon?: Icon; title: string; text?: string; action?: ReactNode }
  /** Said where rows are there and none matches; a list without filters needs none. */
  noMatch?: string
  columns: Column<Row>[]
  rowKey: (row: Row) => string
  onOpen?: (row: Row) => void
  /** The order that the api takes where the address names none; the headers then sort. */
  order?: NonNullable<Filter["sort"]>
  /** Dialogs, and what follows the list. */
  children?: ReactNode
}

export function ListPage<Row, Filter extends ListFilter>(props: Props<Row, Filter>) {
  const { title, action, data, filter, onFilter, empty, order } = props
  const nothing = data.total === 0 && !isFiltered(filter)
  const actionMoves = nothing && !empty.action
  return (
    <>
      <PageHeader title={title} action={actionMoves ? undefined : action}>
        {props.text}
      </PageHeader>
      {props.above}
      <FilteredList
        filtering={props}
        total={data.total}
        empty={
          <EmptyState
            icon={empty.icon && <empty.icon size={40} stroke={1.4} aria-hidden />}
            title={empty.title}
            text={empty.text}
            action={empty.action ?? action}
          />
        }
        noMatch={props.noMatch ?? empty.title}
      >
        <DataTable
          caption={title}
          columns={props.columns}
          rows={data.items}
          rowKey={props.rowKey}
          onOpen={props.onOpen}
          paging={{
            page: data.page,
            pageSize: props.pageSize,
            total: data.total,
            onPage: (page) => onFilter({ ...filter, page }),
          }}
          sorting={
            order && {
              by: filter.sort ?? order,
              onSort: (sort) => onFilter({ ...filter, sort, page: undefined }),
            }
          }
        />
      </FilteredList>
      {props.children}
    </>
  )
}
