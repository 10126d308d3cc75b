/** The filters of a list as data: a search and choices. Every change leads to the first page. */
import { Group } from "@mantine/core"
import type { ReactNode } from "react"
import { FilterSelect } from "./FilterSelect"
import { SearchField } from "./SearchField"

/** What every list may be asked for; a list adds its own choices. */
export type ListFilter = { search?: string; sort?: string; page?: number }

type ChoiceOf<Filter, Name extends keyof Filter> = {
  name: Name
  label: string
  /** The choice that filters nothing. */
  all?: string
  values: readonly NonNullable<Filter[Name]>[]
  textOf: (value: NonNullable<Filter[Name]>) => string
  /** Chosen where the address names none. */
  fallback?: NonNullable<Filter[Name]>
  /** Widest, in pixels. */
  width?: number
}
type NameOfChoice<Filter> = Exclude<keyof Filter, "search" | "page">
/** One filter with a closed set of values, such as a state or an order. */
export type Choice<Filter> = {
  [Name in NameOfChoice<Filter>]-?: ChoiceOf<Filter, Name>
}[NameOfChoice<Filter>]

export type Filtering<Filter extends ListFilter> = {
  filter: Filter
  onFilter: (filter: Filter) => void
  /** Names the search; without it there is none. */
  search?: string
  choices?: readonly Choice<Filter>[]
  /** Beside the choices. */
  more?: ReactNode
}

export function ListFilters<Filter extends ListFilter>(props: Filtering<Filter>) {
  const { filter, onFilter, search, choices = [], more } = props
  if (!search && choices.length === 0 && !more) return null
  return (
    <Group gap="sm" mb="md" role="search">
      {search && (
        <SearchField
          label={search}
          value={filter.search ?? ""}
          onSearch={(text) => onFilter({ ...filter, search: text || undefined, page: undefined })}
        />
      )}
      {choices.map(({ name, label, all, values, textOf, fallback, width }) => (
        <FilterSelect
          key={String(name)}
          label={label}
          all={all}
          choices={values.map((value) => ({ value: String(value), label: textOf(value) }))}
          value={(filter[name] ?? fallback) as string | undefined}
          onChoose={(chosen) =>
            onFilter({
              ...filter,
              [name]: values.find((value) => value === chosen),
              page: undefined,
            })
          }
          width={width}
        />
      ))}
      {more}
    </Group>
  )
}

/** Whether the filter leaves anything out; order and page do not. */
export function isFiltered({ sort, page, ...narrowing }: ListFilter): boolean {
  return Object.values(narrowing).some(Boolean)
}
