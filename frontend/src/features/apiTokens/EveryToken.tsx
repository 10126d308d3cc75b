/** Everybody's API tokens, for operators: search and page are in the address. */
import { IconKey } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { EmptyState } from "@/ui/EmptyState"
import { FilteredList } from "@/ui/FilteredList"
import { PageHeader } from "@/ui/PageHeader"
import { SearchField } from "@/ui/SearchField"
import { everyToken, PAGE_SIZE, type TokenFilter } from "./apiTokens"
import { TokenTable } from "./TokenTable"

type Props = { filter: TokenFilter; onFilter: (filter: TokenFilter) => void }

export function EveryToken({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(everyToken(filter))
  return (
    <>
      <PageHeader title={t("apiTokens.everyTitle")}>{t("apiTokens.everyText")}</PageHeader>
      <FilteredList
        total={data.total}
        filtered={Boolean(filter.search)}
        empty={
          <EmptyState
            icon={<IconKey size={40} stroke={1.4} aria-hidden />}
            title={t("apiTokens.everyNone")}
            text={t("apiTokens.everyNoneText")}
          />
        }
        filters={
          <SearchField
            label={t("apiTokens.search")}
            value={filter.search ?? ""}
            onSearch={(search) => onFilter({ search: search || undefined })}
          />
        }
        noMatch={t("apiTokens.noMatch")}
        clear={{ label: t("apiTokens.clear"), onClear: () => onFilter({}) }}
      >
        <TokenTable
          caption={t("apiTokens.everyTitle")}
          tokens={data.items}
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
