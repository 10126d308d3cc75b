/** Everybody's webhooks, for operators: search and page are in the address. */
import { IconWebhook } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import type { WebhookOfPerson } from "@/api/types"
import type { Column } from "@/ui/list/DataTable"
import { ListPage } from "@/ui/list/ListPage"
import table from "@/ui/list/table.module.css"
import { Ago } from "@/ui/text/Ago"
import { everyWebhook, kindKey, PAGE_SIZE, type WebhookFilter } from "./webhooks"

type Props = { filter: WebhookFilter; onFilter: (filter: WebhookFilter) => void }

export function EveryWebhook({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(everyWebhook(filter))
  return (
    <ListPage
      title={t("webhooks.every.title")}
      text={t("webhooks.every.text")}
      filter={filter}
      onFilter={onFilter}
      search={t("webhooks.every.search")}
      data={data}
      pageSize={PAGE_SIZE}
      empty={{
        icon: IconWebhook,
        title: t("webhooks.every.none"),
        text: t("webhooks.every.noneText"),
      }}
      noMatch={t("webhooks.every.noMatch")}
      columns={useColumns()}
      rowKey={(webhook) => webhook.id}
    />
  )
}

function useColumns(): Column<WebhookOfPerson>[] {
  const { t } = useTranslation()
  return [
    {
      id: "webhook",
      header: t("webhooks.every.column.webhook"),
      cell: (webhook) => (
        <>
          <span className={table.name}>{webhook.name}</span>
          <div className={table.under}>
            {webhook.owner_name} · {webhook.origin}
          </div>
        </>
      ),
    },
    {
      id: "kinds",
      header: t("webhooks.every.column.kinds"),
      labelled: true,
      cell: ({ kinds }) => kinds.map((kind) => t(`webhooks.kind.${kindKey(kind)}`)).join(", "),
    },
    {
      id: "state",
      header: t("webhooks.every.column.state"),
      labelled: true,
      cell: (webhook) => <State webhook={webhook} />,
    },
  ]
}

/** The first that holds: disabled, its owner inactive, failing, works. */
function State({ webhook }: { webhook: WebhookOfPerson }) {
  const { t } = useTranslation()
  const now = new Date()
  if (webhook.disabled_at && webhook.disabled_because)
    return (
      <>
        {t("webhooks.every.disabled")} <Ago at={webhook.disabled_at} now={now} />
        <div className={table.under}>{t(`webhooks.every.because.${webhook.disabled_because}`)}</div>
      </>
    )
  if (webhook.owner_is_inactive) return t("webhooks.every.inactive")
  if (webhook.failing_since)
    return (
      <>
        {t("webhooks.every.failing")} <Ago at={webhook.failing_since} now={now} />
        <div className={table.under}>{t("webhooks.every.waiting", { count: webhook.waiting })}</div>
      </>
    )
  return t("webhooks.every.works")
}
