/** What every list does: a way to begin where nothing is yet, filters, rows or "no match". */
import { Button } from "@mantine/core"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { EmptyState } from "@/ui/feedback/EmptyState"
import { type Filtering, isFiltered, type ListFilter, ListFilters } from "./ListFilters"

type Props<Filter extends ListFilter> = {
  filtering: Filtering<Filter>
  total: number
  /** Something is there that the filter leaves out; by default, whether the filter says anything. */
  filtered?: boolean
  /** Said where nothing is there at all. */
  empty: ReactNode
  noMatch: string
  /** The rows and their pages. */
  children: ReactNode
}

export function FilteredList<Filter extends ListFilter>(props: Props<Filter>) {
  const { filtering, total } = props
  const narrowed = isFiltered(filtering.filter)
  if (total === 0 && !(props.filtered ?? narrowed)) return props.empty
  return (
    <>
      <ListFilters {...filtering} />
      {total > 0 ? (
        props.children
      ) : (
        <NoMatch
          title={props.noMatch}
          onShowAll={narrowed ? () => filtering.onFilter({} as Filter) : undefined}
        />
      )}
    </>
  )
}

function NoMatch({ title, onShowAll }: { title: string; onShowAll?: () => void }) {
  const { t } = useTranslation()
  return (
    <EmptyState
      title={title}
      action={
        onShowAll && (
          <Button variant="default" mt="sm" onClick={onShowAll}>
            {t("app.showAll")}
          </Button>
        )
      }
    />
  )
}
