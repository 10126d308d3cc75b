/** The form of a new API token, and its secret, which is shown once. */
import { Button, NativeSelect, TextInput } from "@mantine/core"
import { type FormEvent, useState } from "react"
import { useTranslation } from "react-i18next"
import { api } from "@/api/client"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { Fields, Section } from "@/ui/page/Section"
import { CopyableCode } from "@/ui/text/CopyableCode"
import styles from "./ApiTokens.module.css"
import {
  type Access,
  type Chosen,
  FOR_OPERATORS,
  LIFETIMES,
  RESOURCES,
  type Resource,
  scopesOf,
  useCreateToken,
} from "./apiTokens"

/** Of mine, or of this service account. */
export function CreateToken({ accountId }: { accountId?: string }) {
  const { t } = useTranslation()
  const create = useCreateToken(accountId)
  const [name, setName] = useState("")
  const [days, setDays] = useState(90)
  const [chosen, setChosen] = useState<Chosen>({})
  const [tried, setTried] = useState(false)
  const scopes = scopesOf(chosen)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!name.trim() || scopes.length === 0) return
    create.mutate(
      { name: name.trim(), scopes, expires_in_days: days },
      {
        onSuccess: () => {
          setName("")
          setChosen({})
          setTried(false)
        },
      },
    )
  }
  return (
    <form onSubmit={submit} noValidate>
      <Section
        title={t("apiTokens.createTitle")}
        text={t(accountId ? "serviceAccounts.tokenText" : "apiTokens.createText")}
      >
        {create.data && <Secret token={create.data.token} name={create.data.name} />}
        <Fields>
          <TextInput
            label={t("apiTokens.name")}
            description={t("apiTokens.nameHelp")}
            maxLength={80}
            required
            autoComplete="off"
            value={name}
            error={tried && !name.trim() && t("apiTokens.nameMissing")}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NativeSelect
            label={t("apiTokens.lifetime")}
            description={t("apiTokens.lifetimeHelp")}
            value={String(days)}
            data={LIFETIMES.map((count) => ({
              value: String(count),
              label: t("apiTokens.days", { count }),
            }))}
            onChange={(event) => setDays(Number(event.currentTarget.value))}
          />
        </Fields>
        <Scopes
          chosen={chosen}
          onChoose={(resource, access) => setChosen({ ...chosen, [resource]: access })}
          missing={tried && scopes.length === 0}
        />
        <ProblemNotice error={create.error} />
        <div>
          <Button type="submit" loading={create.isPending}>
            {t("apiTokens.create")}
          </Button>
        </div>
      </Section>
    </form>
  )
}

type ScopesProps = {
  chosen: Chosen
  onChoose: (resource: Resource, access: Access) => void
  missing: boolean
}

function Scopes({ chosen, onChoose, missing }: ScopesProps) {
  const { t } = useTranslation()
  const me = api.useQuery("get", "/api/me")
  const operates = me.data?.can.includes("operate") ?? false
  const offered = RESOURCES.filter((resource) => operates || !FOR_OPERATORS.includes(resource))
  return (
    <fieldset className={styles.scopes} aria-describedby={missing ? "scopes-missing" : undefined}>
      <legend>{t("apiTokens.scopes")}</legend>
      {missing && (
        <p className={styles.missing} id="scopes-missing" role="alert">
          {t("apiTokens.scopesMissing")}
        </p>
      )}
      <div className={styles.grid}>
        {offered.map((resource) => (
          <NativeSelect
            key={resource}
            label={t(`apiTokens.resource.${resource}`)}
            value={chosen[resource] ?? "none"}
            data={(["none", "read", "write"] as const).map((access) => ({
              value: access,
              label: t(`apiTokens.access.${access}`),
            }))}
            onChange={(event) => onChoose(resource, event.currentTarget.value as Access)}
          />
        ))}
      </div>
    </fieldset>
  )
}

function Secret({ token, name }: { token: string; name: string }) {
  const { t } = useTranslation()
  return (
    <Notice tone="ok" title={t("apiTokens.created", { name })}>
      <p>{t("apiTokens.once")}</p>
      <CopyableCode text={token} label={t("apiTokens.secret")} copy={t("apiTokens.copySecret")} />
    </Notice>
  )
}
