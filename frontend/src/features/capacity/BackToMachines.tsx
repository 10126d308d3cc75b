/** The way back to the machines and their pools. */
import { useTranslation } from "react-i18next"
import { BackLink } from "@/ui/page/BackLink"

export function BackToMachines() {
  const { t } = useTranslation()
  return <BackLink to="/dashboard/operate/nodes">{t("pools.back")}</BackLink>
}
