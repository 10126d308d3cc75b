/** The activity opens nothing yet, and this person may not choose. */
import { IconHourglass } from "@tabler/icons-react"
import { createFileRoute } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { PlainPage } from "@/ui/page/PlainPage"

export const Route = createFileRoute("/nothing-yet")({ component: NothingYet })

function NothingYet() {
  const { t } = useTranslation()
  return (
    <PlainPage
      title={t("landing.nothingYetTitle")}
      icon={<IconHourglass size={36} stroke={1.6} aria-hidden />}
    >
      <p>{t("landing.nothingYetText")}</p>
    </PlainPage>
  )
}
