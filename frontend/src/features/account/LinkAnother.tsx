/** Another way in: sign in there, in this tab; from within a course space, in a tab of its own. */
import { Anchor, Button, Group } from "@mantine/core"
import { IconExternalLink, IconLink } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { isTopLevel } from "@/api/signIn"
import type { SignInProvider } from "@/api/types"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { useBeginLink, useOwnTab, useProviders } from "./account"
import styles from "./account.module.css"

export function LinkAnother({ linked }: { linked: string[] }) {
  const { t } = useTranslation()
  const providers = useProviders()
  if (providers.error) return <ProblemNotice error={providers.error} />
  const known = providers.data ?? []
  const free = known.filter((provider) => !linked.includes(provider.issuer))
  if (known.length === 0) return <p className={styles.hint}>{t("account.another.noProviders")}</p>
  if (free.length === 0) return <p className={styles.hint}>{t("account.another.allLinked")}</p>
  return isTopLevel() ? <Providers providers={free} /> : <InOwnTab />
}

function Providers({ providers }: { providers: SignInProvider[] }) {
  const { t, i18n } = useTranslation()
  const begin = useBeginLink()
  return (
    <>
      <Group gap="sm">
        {providers.map((provider) => (
          <Button
            key={provider.id}
            variant="default"
            leftSection={<IconLink size={18} aria-hidden />}
            loading={begin.isPending && begin.variables === provider.id}
            onClick={() => begin.mutate(provider.id)}
          >
            {t("account.another.with", { title: provider.title[i18n.language] ?? provider.id })}
          </Button>
        ))}
      </Group>
      <p className={styles.hint}>{t("account.another.courseSpace")}</p>
      <ProblemNotice error={begin.error} />
    </>
  )
}

function InOwnTab() {
  const { t } = useTranslation()
  const tab = useOwnTab()
  return (
    <>
      <p className={styles.hint}>{t("account.another.framed")}</p>
      <Button
        variant="default"
        leftSection={<IconExternalLink size={18} aria-hidden />}
        loading={tab.isPending}
        onClick={() => tab.mutate()}
      >
        {t("account.another.ownTab")}
      </Button>
      {tab.data && !tab.data.opened && (
        <p className={styles.hint}>
          <Anchor href={tab.data.url} target="_blank" rel="noopener noreferrer">
            {t("account.another.blocked")}
          </Anchor>
        </p>
      )}
      <ProblemNotice error={tab.error} />
    </>
  )
}
