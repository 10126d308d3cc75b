/** A list of the people of a Course with its filter: a search by name, and one choice. */
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { EmptyState } from "@/ui/feedback/EmptyState"
import { FilteredList } from "./FilteredList"
import type { Choice } from "./ListFilters"
import type { Paging } from "./Pager"
import { PAGE_SIZE, type PeopleFilter } from "./peopleFilter"

type Props<Which extends string> = {
  filter: PeopleFilter<Which>
  onFilter: (filter: PeopleFilter<Which>) => void
  which: { label: string; values: readonly Which[]; textOf: (which: Which) => string }
  /** `total` match the filter, `everybody` is in the Course. */
  data: { page: number; total: number; everybody: number }
  empty: { icon: ReactNode; title: string; text: string }
  /** The rows. */
  children: (paging: Paging) => ReactNode
}

export function FilteredPeople<Which extends string>(props: Props<Which>) {
  const { t } = useTranslation()
  const { filter, onFilter, data } = props
  const which = { name: "which", all: t("coursePeople.all"), width: 240, ...props.which }
  return (
    <FilteredList
      total={data.total}
      filtered={data.everybody > 0}
      empty={<EmptyState {...props.empty} />}
      filtering={{
        filter,
        onFilter,
        search: t("coursePeople.searchLabel"),
        choices: [which as Choice<PeopleFilter<Which>>],
      }}
      noMatch={t("coursePeople.noMatch")}
    >
      {props.children({
        page: data.page,
        pageSize: PAGE_SIZE,
        total: data.total,
        onPage: (page) => onFilter({ ...filter, page }),
      })}
    </FilteredList>
  )
}
