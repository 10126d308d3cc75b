/** My API tokens: see them, create one, revoke one. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { EmptyState } from "@/ui/feedback/EmptyState"
import { PageHeader } from "@/ui/page/PageHeader"
import { Preferences } from "@/ui/page/Preferences"
import { Section } from "@/ui/page/Section"
import { CopyableCode } from "@/ui/text/CopyableCode"
import styles from "./ApiTokens.module.css"
import { myTokens } from "./apiTokens"
import { CreateToken } from "./CreateToken"
import { TokenTable } from "./TokenTable"

export function ApiTokensPage() {
  const { t } = useTranslation()
  const { data: tokens } = useSuspenseQuery(myTokens())
  const call = `curl -H "Authorization: Bearer $MYDOCKER_TOKEN" ${window.location.origin}/api/courses`
  return (
    <main className={styles.page} id="content">
      <PageHeader
        title={t("apiTokens.title")}
        above={<Link to="/account">{t("apiTokens.back")}</Link>}
      >
        {t("apiTokens.text")}
      </PageHeader>
      <TokenTable
        caption={t("apiTokens.list")}
        tokens={tokens}
        empty={<EmptyState title={t("apiTokens.none")} text={t("apiTokens.noneText")} />}
      />
      <CreateToken />
      <Section title={t("apiTokens.useTitle")} text={t("apiTokens.useText")}>
        <CopyableCode
          text={call}
          label={t("apiTokens.useTitle")}
          copy={t("apiTokens.copyCommand")}
        />
        <p>
          <a href="/api/openapi.json">{t("apiTokens.description")}</a>
        </p>
      </Section>
      <footer className={styles.foot}>
        <Preferences />
      </footer>
    </main>
  )
}
