/** There is no such page. */
import { IconMapOff } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { PlainPage } from "./PlainPage"

export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <PlainPage
      title={t("landing.notFoundTitle")}
      icon={<IconMapOff size={36} stroke={1.6} aria-hidden />}
    >
      <p>{t("landing.notFoundText")}</p>
    </PlainPage>
  )
}
