/** Somebody signed in whom no course gives a role: what to do, instead of empty lists. */
import { IconUserQuestion } from "@tabler/icons-react"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { PlainPage } from "@/ui/page/PlainPage"
import { SignOut } from "@/ui/page/SignOut"

export function NoRightsPage({ name }: { name: string }) {
  const { t } = useTranslation()
  return (
    <PlainPage
      title={t("signIn.noRights.title")}
      icon={<IconUserQuestion size={36} stroke={1.6} aria-hidden />}
      action={<SignOut />}
    >
      <p>{t("signIn.noRights.text", { name })}</p>
      <p>{t("signIn.noRights.teacher")}</p>
      <p>{t("signIn.noRights.student")}</p>
      <p>{t("signIn.noRights.operator")}</p>
      <p>
        <Link to="/activities">{t("activities.title")}</Link>
      </p>
      <p>
        <Link to="/account">{t("account.open")}</Link>
      </p>
    </PlainPage>
  )
}
