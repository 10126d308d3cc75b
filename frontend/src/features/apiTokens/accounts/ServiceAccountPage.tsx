/** One service account, for operators: its name and rights, its tokens, and what ends it. */
import { Button, Group, Stack } from "@mantine/core"
import { useSuspenseQuery } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { useTranslation } from "react-i18next"
import type { ServiceAccount, ServiceAccountCan, ServiceAccountDraft } from "@/api/types"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { EmptyState } from "@/ui/feedback/EmptyState"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { BackLink } from "@/ui/page/BackLink"
import { PageHeader } from "@/ui/page/PageHeader"
import { Section } from "@/ui/page/Section"
import { CreateToken } from "../CreateToken"
import { TokenTable } from "../TokenTable"
import { AccountFields } from "./AccountFields"
import { AccountStatus } from "./AccountStatus"
import {
  accountState,
  serviceAccountOf,
  tokensOfAccount,
  useAccountAct,
  useUpdateAccount,
} from "./serviceAccounts"

export function ServiceAccountPage({ accountId }: { accountId: string }) {
  const { t } = useTranslation()
  const { data: account } = useSuspenseQuery(serviceAccountOf(accountId))
  const { data: tokens } = useSuspenseQuery(tokensOfAccount(accountId))
  const state = accountState(account)
  return (
    <>
      <PageHeader
        title={account.name}
        above={
          <BackLink to="/dashboard/operate/service-accounts">{t("nav.serviceAccounts")}</BackLink>
        }
        action={<Acts account={account} />}
      >
        {t("serviceAccounts.ownedBy", { name: account.owner_name })}{" "}
        <AccountStatus account={account} />
      </PageHeader>
      <Stack gap="lg">
        {state === "orphan" && <Notice tone="bad" title={t("serviceAccounts.orphanText")} />}
        {state === "disabled" && <Notice tone="info" title={t("serviceAccounts.disabledText")} />}
        <Settings account={account} />
        <Section title={t("serviceAccounts.tokens")} text={t("serviceAccounts.tokensText")}>
          <TokenTable
            caption={t("serviceAccounts.tokens")}
            tokens={tokens}
            empty={
              <EmptyState
                title={t("serviceAccounts.noTokens")}
                text={t("serviceAccounts.noTokensText")}
              />
            }
          />
        </Section>
        <CreateToken accountId={accountId} />
      </Stack>
    </>
  )
}

function Settings({ account }: { account: ServiceAccount }) {
  const { t } = useTranslation()
  const update = useUpdateAccount(account)
  const [draft, setDraft] = useState<ServiceAccountDraft>({
    name: account.name,
    rights: account.rights,
  })
  const [tried, setTried] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (draft.name.trim()) update.mutate({ ...draft, name: draft.name.trim() })
  }
  return (
    <form onSubmit={submit} noValidate>
      <Section title={t("serviceAccounts.settings")} text={t("serviceAccounts.settingsText")}>
        <ProblemNotice error={update.error} />
        <AccountFields draft={draft} onChange={setDraft} tried={tried} />
        <Group gap="sm">
          <Button type="submit" loading={update.isPending}>
            {t("serviceAccounts.save")}
          </Button>
          <span role="status">{update.isSuccess && t("serviceAccounts.saved")}</span>
        </Group>
      </Section>
    </form>
  )
}

function Acts({ account }: { account: ServiceAccount }) {
  const { t } = useTranslation()
  const act = useAccountAct(account.id)
  const [asked, setAsked] = useState<Exclude<ServiceAccountCan, "enable"> | null>(null)
  const ask = (what: ServiceAccountCan) => {
    act.reset()
    if (what === "enable") act.mutate(what)
    else setAsked(what)
  }
  return (
    <Group gap="sm">
      {account.can.map((what) => (
        <Button key={what} variant="default" loading={act.isPending} onClick={() => ask(what)}>
          {t(`serviceAccounts.act.${what}`)}
        </Button>
      ))}
      {asked && (
        <ConfirmDialog
          opened
          danger={asked === "disable"}
          title={t(`serviceAccounts.ask.${asked}.title`, { name: account.name })}
          confirm={t(`serviceAccounts.act.${asked}`)}
          busy={act.isPending}
          onConfirm={() => act.mutate(asked, { onSuccess: () => setAsked(null) })}
          onClose={() => setAsked(null)}
        >
          <p>{t(`serviceAccounts.ask.${asked}.text`)}</p>
          <ProblemNotice error={act.error} />
        </ConfirmDialog>
      )}
    </Group>
  )
}
