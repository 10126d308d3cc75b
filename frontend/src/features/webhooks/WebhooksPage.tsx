/** My webhooks: see them, create one, look at what was sent. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { EmptyState } from "@/ui/feedback/EmptyState"
import { PageHeader } from "@/ui/page/PageHeader"
import { Preferences } from "@/ui/page/Preferences"
import { CreateWebhook } from "./CreateWebhook"
import { WebhookCard } from "./WebhookCard"
import styles from "./Webhooks.module.css"
import { myWebhooks } from "./webhooks"

export function WebhooksPage() {
  const { t } = useTranslation()
  const { data: webhooks } = useSuspenseQuery(myWebhooks())
  return (
    <main className={styles.page} id="content">
      <PageHeader
        title={t("webhooks.title")}
        above={<Link to="/account">{t("webhooks.back")}</Link>}
      >
        {t("webhooks.text")}
      </PageHeader>
      {webhooks.length === 0 && (
        <EmptyState title={t("webhooks.none")} text={t("webhooks.noneText")} />
      )}
      {webhooks.map((webhook) => (
        <WebhookCard key={webhook.id} webhook={webhook} />
      ))}
      <CreateWebhook />
      <footer className={styles.foot}>
        <Preferences />
      </footer>
    </main>
  )
}
