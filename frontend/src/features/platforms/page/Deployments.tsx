/** The installations inside a platform: each is enabled, disabled or added by itself. */
import { Button, Group, TextInput } from "@mantine/core"
import { type FormEvent, useState } from "react"
import { useTranslation } from "react-i18next"
import type { Platform } from "@/api/types"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { Status } from "@/ui/feedback/Status"
import { Section } from "@/ui/page/Section"
import { usePutDeployment } from "../platforms"
import styles from "../platforms.module.css"

export function Deployments({ platform }: { platform: Platform }) {
  const { t } = useTranslation()
  const put = usePutDeployment(platform)
  const [asked, setAsked] = useState<string | null>(null)
  const [added, setAdded] = useState("")
  const add = (event: FormEvent) => {
    event.preventDefault()
    const deployment_id = added.trim()
    if (!deployment_id) return
    put.mutate({ deployment_id, enabled: true }, { onSuccess: () => setAdded("") })
  }
  return (
    <Section title={t("platforms.deployments.title")} text={t("platforms.deployments.text")}>
      {!asked && <ProblemNotice error={put.error} />}
      <ul className={styles.rows}>
        {platform.deployments.map(({ deployment_id: id, enabled }) => (
          <li key={id}>
            <code>{id}</code>
            <Status tone={enabled ? "ok" : "still"}>
              {t(enabled ? "platforms.deployments.on" : "platforms.deployments.off")}
            </Status>
            <Button
              variant="default"
              size="compact-sm"
              aria-label={t(
                enabled ? "platforms.deployments.disableOne" : "platforms.deployments.enableOne",
                { id },
              )}
              onClick={() =>
                enabled ? setAsked(id) : put.mutate({ deployment_id: id, enabled: true })
              }
            >
              {t(enabled ? "platforms.act.disable" : "platforms.act.enable")}
            </Button>
          </li>
        ))}
      </ul>
      <form onSubmit={add}>
        <Group align="flex-end" gap="sm">
          <TextInput
            label={t("platforms.deployments.add")}
            maxLength={255}
            value={added}
            onChange={(event) => setAdded(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={!added.trim()} loading={put.isPending}>
            {t("platforms.deployments.addNow")}
          </Button>
        </Group>
      </form>
      {asked !== null && (
        <ConfirmDialog
          opened
          danger
          title={t("platforms.deployments.askTitle", { id: asked })}
          confirm={t("platforms.act.disable")}
          busy={put.isPending}
          onConfirm={() =>
            put.mutate(
              { deployment_id: asked, enabled: false },
              { onSuccess: () => setAsked(null) },
            )
          }
          onClose={() => setAsked(null)}
        >
          <p>{t("platforms.deployments.askText")}</p>
          <ProblemNotice error={put.error} />
        </ConfirmDialog>
      )}
    </Section>
  )
}
