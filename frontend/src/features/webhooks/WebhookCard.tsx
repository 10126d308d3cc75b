/** One webhook: where it goes, whether it works, and what may be done with it. */
import { Button, Group } from "@mantine/core"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { WebhookShown } from "@/api/types"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { Section } from "@/ui/page/Section"
import { Ago } from "@/ui/text/Ago"
import { Deliveries } from "./Deliveries"
import { Secret } from "./Secret"
import styles from "./Webhooks.module.css"
import {
  type Kind,
  kindKey,
  useDeleteWebhook,
  useEnableWebhook,
  useRenewSecret,
  useTestWebhook,
} from "./webhooks"

export function WebhookCard({ webhook }: { webhook: WebhookShown }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const test = useTestWebhook()
  const enable = useEnableWebhook()
  const renew = useRenewSecret()
  const kinds = webhook.kinds.map((kind) => t(`webhooks.kind.${kindKey(kind as Kind)}`)).join(", ")
  return (
    <Section title={webhook.name} text={<code className={styles.url}>{webhook.url}</code>}>
      <p className={styles.fact}>{kinds}</p>
      <Health webhook={webhook} />
      {renew.data && <Secret secret={renew.data.secret} name={webhook.name} />}
      <ProblemNotice error={test.error ?? enable.error ?? renew.error} />
      <Group gap="sm">
        <Button
          variant="default"
          disabled={!webhook.enabled}
          loading={test.isPending}
          onClick={() => test.mutate(webhook.id, { onSuccess: () => setOpen(true) })}
        >
          {t("webhooks.test")}
        </Button>
        <Button variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? "webhooks.hideDeliveries" : "webhooks.showDeliveries")}
        </Button>
        <Button
          variant="default"
          loading={enable.isPending}
          onClick={() => enable.mutate({ webhook, enabled: !webhook.enabled })}
        >
          {t(webhook.enabled ? "webhooks.disable" : "webhooks.enable")}
        </Button>
        <Button
          variant="default"
          loading={renew.isPending}
          onClick={() => renew.mutate(webhook.id)}
        >
          {t("webhooks.renew")}
        </Button>
        <Delete webhook={webhook} />
      </Group>
      {open && <Deliveries webhook={webhook} />}
    </Section>
  )
}

function Health({ webhook }: { webhook: WebhookShown }) {
  const { t } = useTranslation()
  const because = webhook.disabled_because
  if (because) {
    return (
      <Notice tone={because === "owner" ? "still" : "warn"} title={t("webhooks.disabled")}>
        {t(`webhooks.because.${because}`)}
      </Notice>
    )
  }
  if (!webhook.failing_since) return null
  return (
    <Notice tone="warn" title={t("webhooks.failing", { count: webhook.waiting })}>
      {t("webhooks.failingSince")} <Ago at={webhook.failing_since} now={new Date()} />
    </Notice>
  )
}

function Delete({ webhook }: { webhook: WebhookShown }) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState(false)
  const remove = useDeleteWebhook()
  return (
    <>
      <Button
        variant="default"
        aria-label={t("webhooks.deleteOf", { name: webhook.name })}
        onClick={() => setAsked(true)}
      >
        {t("webhooks.delete")}
      </Button>
      {asked && (
        <ConfirmDialog
          opened
          danger
          title={t("webhooks.deleteTitle", { name: webhook.name })}
          confirm={t("webhooks.delete")}
          busy={remove.isPending}
          onConfirm={() => remove.mutate(webhook, { onSuccess: () => setAsked(false) })}
          onClose={() => setAsked(false)}
        >
          <p>{t("webhooks.deleteText")}</p>
          <ProblemNotice error={remove.error} />
        </ConfirmDialog>
      )}
    </>
  )
}
