/** Shown while a ticket is being checked. */
import { useTranslation } from "react-i18next"
import { PlainPage } from "@/ui/page/PlainPage"

export function EnteringPage() {
  const { t } = useTranslation()
  return (
    <PlainPage title={t("enter.title")}>
      <p role="status">{t("enter.text")}</p>
    </PlainPage>
  )
}
