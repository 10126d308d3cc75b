/** The way back, above the title. */
import { useTranslation } from "react-i18next"
import { BackLink } from "@/ui/page/BackLink"

export function BackToPlatforms() {
  const { t } = useTranslation()
  return <BackLink to="/dashboard/operate/platforms">{t("nav.platforms")}</BackLink>
}
