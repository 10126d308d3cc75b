/** The keys that a platform's messages are checked with, and whether they can be fetched. */
import { Button } from "@mantine/core"
import { IconRefresh } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import type { SeenKeys } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Notice } from "@/ui/Notice"
import { ProblemNotice } from "@/ui/ProblemNotice"
import { Section } from "@/ui/Section"
import { seenKeysOf, useFetchKeys } from "./platforms"
import styles from "./platforms.module.css"

export function PlatformKeys({ platformId }: { platformId: string }) {
  const { t } = useTranslation()
  const seen = useQuery(seenKeysOf(platformId))
  const fetchNow = useFetchKeys(platformId)
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
      {seen.data && <Seen keys={seen.data} />}
    </Section>
  )
}

function Seen({ keys }: { keys: SeenKeys }) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = new Date()
  const ago = (at: string) => format.fromNow(new Date(at), now)
  return (
    <>
      {keys.failure && keys.tried_at && (
        <Notice tone="bad" title={t("platforms.keys.failed", { when: ago(keys.tried_at) })}>
          {t("platforms.keys.failedHelp", { failure: keys.failure })}
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
