/** Everybody's API tokens, for operators: search and page are in the address. */
import { IconKey } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { ListPage } from "@/ui/list/ListPage"
import { everyToken, PAGE_SIZE, type TokenFilter } from "./apiTokens"
import { useRevocableTokens } from "./TokenTable"

type Props = { filter: TokenFilter; onFilter: (filter: TokenFilter) => void }

export function EveryToken({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(everyToken(filter))
  const { columns, dialog } = useRevocableTokens()
  return (
    <ListPage
      title={t("apiTokens.everyTitle")}
      text={t("apiTokens.everyText")}
      filter={filter}
      onFilter={onFilter}
      search={t("apiTokens.search")}
      data={data}
      pageSize={PAGE_SIZE}
      empty={{
        icon: IconKey,
        title: t("apiTokens.everyNone"),
        text: t("apiTokens.everyNoneText"),
      }}
      noMatch={t("apiTokens.noMatch")}
      columns={columns}
      rowKey={(token) => token.id}
    >
      {dialog}
    </ListPage>
  )
}
