/** My account: who I am, how I come in, another way to link, and the way out. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { api } from "@/api/client"
import { PageHeader } from "@/ui/page/PageHeader"
import { Preferences } from "@/ui/page/Preferences"
import { Section } from "@/ui/page/Section"
import { SignOut } from "@/ui/page/SignOut"
import { myAccount } from "./account"
import styles from "./account.module.css"
import { LinkAnother } from "./LinkAnother"
import { Ways } from "./Ways"

/** `back`: for whom the dashboard has something; the route knows. */
type Props = { back?: "/dashboard/courses" }

export function AccountPage({ back }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(myAccount())
  const me = api.useQuery("get", "/api/me")
  return (
    <main className={styles.page} id="content">
      <PageHeader
        title={t("account.title")}
        above={back && <Link to={back}>{t("account.back")}</Link>}
      >
        {data.email ? `${data.name} · ${data.email}` : (me.data?.name ?? data.name)}
      </PageHeader>
      <Section title={t("account.ways.title")} text={t("account.ways.text")}>
        <Ways identities={data.identities} />
      </Section>
      <Section title={t("account.another.title")} text={t("account.another.text")}>
        <LinkAnother linked={data.identities.map((identity) => identity.issuer)} />
      </Section>
      <Section title={t("sshKeys.title")} text={t("sshKeys.text")}>
        <Link to="/account/keys">{t("sshKeys.manage")}</Link>
      </Section>
      <Section title={t("apiTokens.title")} text={t("apiTokens.text")}>
        <Link to="/account/tokens">{t("apiTokens.manage")}</Link>
      </Section>
      <Section title={t("webhooks.title")} text={t("webhooks.text")}>
        <Link to="/account/webhooks">{t("webhooks.manage")}</Link>
      </Section>
      <Section title={t("personalData.title")} text={t("personalData.text")}>
        <Link to="/account/data">{t("personalData.open")}</Link>
      </Section>
      <Section title={t("account.visit.title")} text={t("account.visit.text")}>
        <div>
          <SignOut />
        </div>
      </Section>
      <footer className={styles.footer}>
        <Preferences compact />
      </footer>
    </main>
  )
}
