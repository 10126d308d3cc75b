/** One platform: what it is, who may do what, its keys, what went wrong, what was done to it. */
import { Button } from "@mantine/core"
import { useSuspenseQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { Platform } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Notice } from "@/ui/feedback/Notice"
import { PageHeader } from "@/ui/page/PageHeader"
import { Section } from "@/ui/page/Section"
import { BackToPlatforms } from "../BackToPlatforms"
import { PlatformStateLabel } from "../PlatformStateLabel"
import { platformOf } from "../platforms"
import styles from "../platforms.module.css"
import { Deployments } from "./Deployments"
import { Journal } from "./Journal"
import { LastRefusals } from "./LastRefusals"
import { PlatformActs } from "./PlatformActs"
import { PlatformKeys } from "./PlatformKeys"
import { TakeOver } from "./TakeOver"

type Props = { platformId: string; page: number; onPage: (page: number) => void }

export function PlatformPage({ platformId, page, onPage }: Props) {
  const { t } = useTranslation()
  const { data: platform } = useSuspenseQuery(platformOf(platformId))
  return (
    <>
      <PageHeader
        title={platform.name}
        above={<BackToPlatforms />}
        action={<PlatformActs platform={platform} />}
      >
        <PlatformStateLabel state={platform.state} />
        <span>{t("platforms.people", { count: platform.visitors })}</span>
      </PageHeader>
      <div className={styles.stack}>
        {platform.state === "pending" && (
          <Notice tone="warn" title={t("platforms.pendingTitle")}>
            {t("platforms.pendingText")}
          </Notice>
        )}
        <Facts platform={platform} />
        <Deployments platform={platform} />
        <PlatformKeys platform={platform} />
        <LastRefusals platformId={platform.id} />
        <TakeOver platform={platform} />
        <Journal platformId={platform.id} page={page} onPage={onPage} />
      </div>
    </>
  )
}

function Facts({ platform }: { platform: Platform }) {
  const { t } = useTranslation()
  const format = useFormat()
  const created = new Date(platform.created_at)
  const facts = [
    [t("platforms.field.issuer"), platform.issuer],
    [t("platforms.field.client_id"), platform.client_id],
    [t("platforms.field.authorization_url"), platform.authorization_url],
    [t("platforms.field.token_url"), platform.token_url],
    [t("platforms.field.jwks_url"), platform.jwks_url],
    [t("platforms.pages"), platform.origins.join(", ")],
    [t("platforms.product"), platform.product ?? t("platforms.productUnknown")],
    [
      t("platforms.added"),
      `${t(`platforms.source.${platform.source}`)}, ${format.dateTime(created)}`,
    ],
  ]
  return (
    <Section
      title={t("platforms.factsTitle")}
      action={
        <Button
          component={Link}
          variant="default"
          size="sm"
          to="/dashboard/operate/platforms/$platformId/change"
          // biome-ignore lint/suspicious/noExplicitAny: a button made of a link forgets its route
          params={{ platformId: platform.id } as any}
        >
          {t("platforms.change")}
        </Button>
      }
    >
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}
