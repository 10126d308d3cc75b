/** Service accounts, for operators: search and page are in the address. */
import { Button, Group, Modal } from "@mantine/core"
import { IconRobot } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { Link, useNavigate } from "@tanstack/react-router"
import { type FormEvent, useState } from "react"
import { useTranslation } from "react-i18next"
import type { ServiceAccount, ServiceAccountDraft } from "@/api/types"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import type { Column } from "@/ui/list/DataTable"
import { ListPage } from "@/ui/list/ListPage"
import table from "@/ui/list/table.module.css"
import { Ago } from "@/ui/text/Ago"
import { AccountFields } from "./AccountFields"
import { AccountStatus } from "./AccountStatus"
import { type AccountFilter, PAGE_SIZE, serviceAccounts, useCreateAccount } from "./serviceAccounts"

type Props = { filter: AccountFilter; onFilter: (filter: AccountFilter) => void }

export function ServiceAccountList({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(serviceAccounts(filter))
  const [creating, setCreating] = useState(false)
  const navigate = useNavigate()
  return (
    <ListPage
      title={t("serviceAccounts.title")}
      text={t("serviceAccounts.text")}
      action={<Button onClick={() => setCreating(true)}>{t("serviceAccounts.create")}</Button>}
      filter={filter}
      onFilter={onFilter}
      search={t("serviceAccounts.search")}
      data={data}
      pageSize={PAGE_SIZE}
      empty={{
        icon: IconRobot,
        title: t("serviceAccounts.none"),
        text: t("serviceAccounts.noneText"),
      }}
      noMatch={t("serviceAccounts.noMatch")}
      columns={useColumns()}
      rowKey={(account) => account.id}
      onOpen={({ id }) =>
        void navigate({
          to: "/dashboard/operate/service-accounts/$accountId",
          params: { accountId: id },
        })
      }
    >
      {creating && <CreateDialog onClose={() => setCreating(false)} />}
    </ListPage>
  )
}

function useColumns(): Column<ServiceAccount>[] {
  const { t } = useTranslation()
  const now = new Date()
  return [
    {
      id: "name",
      header: t("serviceAccounts.column.name"),
      cell: (account) => (
        <>
          <Link
            className={table.name}
            to="/dashboard/operate/service-accounts/$accountId"
            params={{ accountId: account.id }}
          >
            {account.name}
          </Link>
          <div className={table.under}>
            {t("serviceAccounts.ownedBy", { name: account.owner_name })}
          </div>
          <AccountStatus account={account} />
        </>
      ),
    },
    {
      id: "rights",
      header: t("serviceAccounts.column.rights"),
      labelled: true,
      cell: ({ rights }) =>
        rights.length
          ? rights.map((right) => t(`serviceAccounts.right.${right}`)).join(", ")
          : t("serviceAccounts.noRights"),
    },
    {
      id: "tokens",
      header: t("serviceAccounts.column.tokens"),
      labelled: true,
      kind: "short",
      cell: ({ tokens }) => tokens,
    },
    {
      id: "used",
      header: t("serviceAccounts.column.used"),
      labelled: true,
      cell: ({ last_used_at }) =>
        last_used_at ? <Ago at={last_used_at} now={now} /> : t("serviceAccounts.never"),
    },
  ]
}

function CreateDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const create = useCreateAccount()
  const navigate = useNavigate()
  const [draft, setDraft] = useState<ServiceAccountDraft>({ name: "", rights: [] })
  const [tried, setTried] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!draft.name.trim()) return
    create.mutate(
      { ...draft, name: draft.name.trim() },
      {
        onSuccess: ({ id }) =>
          void navigate({
            to: "/dashboard/operate/service-accounts/$accountId",
            params: { accountId: id },
          }),
      },
    )
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("serviceAccounts.createTitle")}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      <form onSubmit={submit} noValidate>
        <ProblemNotice error={create.error} />
        <AccountFields draft={draft} onChange={setDraft} tried={tried} />
        <Group justify="flex-end" mt="lg" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("app.cancel")}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t("serviceAccounts.make")}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
