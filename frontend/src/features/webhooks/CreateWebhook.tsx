/** The form of a new webhook, and its secret, which is shown once. */
import { Button, Checkbox, TextInput } from "@mantine/core"
import { type FormEvent, useState } from "react"
import { useTranslation } from "react-i18next"
import { api } from "@/api/client"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { Fields, Section } from "@/ui/page/Section"
import { Secret } from "./Secret"
import styles from "./Webhooks.module.css"
import { FOR_OPERATORS, KINDS, type Kind, kindKey, useCreateWebhook } from "./webhooks"

export function CreateWebhook() {
  const { t } = useTranslation()
  const create = useCreateWebhook()
  const [name, setName] = useState("")
  const [url, setUrl] = useState("")
  const [kinds, setKinds] = useState<Kind[]>([])
  const [tried, setTried] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!name.trim() || !url.trim() || kinds.length === 0) return
    create.mutate(
      { name: name.trim(), url: url.trim(), kinds, enabled: true },
      {
        onSuccess: () => {
          setName("")
          setUrl("")
          setKinds([])
          setTried(false)
        },
      },
    )
  }
  return (
    <form onSubmit={submit} noValidate>
      <Section title={t("webhooks.createTitle")} text={t("webhooks.createText")}>
        {create.data && <Secret secret={create.data.secret} name={create.data.name} />}
        <Fields>
          <TextInput
            label={t("webhooks.name")}
            description={t("webhooks.nameHelp")}
            maxLength={80}
            required
            autoComplete="off"
            value={name}
            error={tried && !name.trim() && t("webhooks.nameMissing")}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label={t("webhooks.url")}
            description={t("webhooks.urlHelp")}
            type="url"
            maxLength={2000}
            required
            autoComplete="off"
            value={url}
            error={tried && !url.trim() && t("webhooks.urlMissing")}
            onChange={(event) => setUrl(event.currentTarget.value)}
          />
        </Fields>
        <Kinds chosen={kinds} onChoose={setKinds} missing={tried && kinds.length === 0} />
        <ProblemNotice error={create.error} />
        <div>
          <Button type="submit" loading={create.isPending}>
            {t("webhooks.create")}
          </Button>
        </div>
      </Section>
    </form>
  )
}

type KindsProps = { chosen: Kind[]; onChoose: (kinds: Kind[]) => void; missing: boolean }

function Kinds({ chosen, onChoose, missing }: KindsProps) {
  const { t } = useTranslation()
  const me = api.useQuery("get", "/api/me")
  const operates = me.data?.can.includes("operate") ?? false
  const offered = KINDS.filter((kind) => operates || !FOR_OPERATORS.includes(kind))
  return (
    <fieldset className={styles.kinds} aria-describedby={missing ? "kinds-missing" : undefined}>
      <legend>{t("webhooks.kinds")}</legend>
      {missing && (
        <p className={styles.missing} id="kinds-missing" role="alert">
          {t("webhooks.kindsMissing")}
        </p>
      )}
      {offered.map((kind) => (
        <Checkbox
          key={kind}
          label={t(`webhooks.kind.${kindKey(kind)}`)}
          checked={chosen.includes(kind)}
          onChange={(event) =>
            onChoose(
              event.currentTarget.checked
                ? [...chosen, kind]
                : chosen.filter((other) => other !== kind),
            )
          }
        />
      ))}
    </fieldset>
  )
}
