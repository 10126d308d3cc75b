/** The keys that a platform's messages are checked with, and whether they can be fetched. */
import { Button } from "@mantine/core"
import { IconRefresh } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import type { Platform, SeenKeys } from "@/api/types"
import { useFormat } from "@/lib/format"
import type { platformsEn } from "@/locales/en/platforms"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { Section } from "@/ui/page/Section"
import { seenKeysOf, useFetchKeys } from "../platforms"
import styles from "../platforms.module.css"

type Barred = keyof (typeof platformsEn)["keys"]["barred"]

export function PlatformKeys({ platform }: { platform: Platform }) {
  const { t } = useTranslation()
  const seen = useQuery(seenKeysOf(platform.id))
  const fetchNow = useFetchKeys(platform.id)
  return (
    <Section
      title={t("platforms.keys.title")}
      text={t("platforms.keys.text")}
      action={
        <Button
          variant="default"
          size="sm"
          leftSection={<IconRefresh size={16} aria-hidden />}
          loading={fetchNow.isPending}
          onClick={() => fetchNow.mutate()}
        >
          {t("platforms.keys.fetch")}
        </Button>
      }
    >
      <ProblemNotice error={fetchNow.error ?? seen.error} />
      {seen.data && <Seen keys={seen.data} jwksUrl={platform.jwks_url} />}
    </Section>
  )
}

/** Why: what the platform answered, or why its address is not called and how to allow it. */
function Failure({ failure, jwksUrl }: { failure: string; jwksUrl: string }) {
  const { t, i18n } = useTranslation()
  const key = `platforms.keys.barred.${failure as Barred}` as const
  const known: boolean = i18n.exists(key)
  if (!known) return t("platforms.keys.failedHelp", { failure })
  const named = URL.canParse(jwksUrl) ? new URL(jwksUrl).host : jwksUrl
  return t(key, { address: jwksUrl, setting: `MYDOCKER_PRIVATE_PLATFORMS=${named}` })
}

function Seen({ keys, jwksUrl }: { keys: SeenKeys; jwksUrl: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = new Date()
  const ago = (at: string) => format.fromNow(new Date(at), now)
  return (
    <>
      {keys.failure && keys.tried_at && (
        <Notice tone="bad" title={t("platforms.keys.failed", { when: ago(keys.tried_at) })}>
          <Failure failure={keys.failure} jwksUrl={jwksUrl} />
        </Notice>
      )}
      <p className={styles.dim} role="status">
        {keys.fetched_at
          ? t("platforms.keys.fetched", { when: ago(keys.fetched_at) })
          : t("platforms.keys.never")}
      </p>
      {keys.kids.length > 0 && (
        <ul className={styles.rows} aria-label={t("platforms.keys.list")}>
          {keys.kids.map((kid) => (
            <li key={kid}>
              <code>{kid}</code>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
