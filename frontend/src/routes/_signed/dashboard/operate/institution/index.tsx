/** What the institution says of itself, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { InstitutionForm } from "@/features/institution/InstitutionForm"
import { institutionSettings } from "@/features/institution/institution"
import { PageHeader } from "@/ui/page/PageHeader"

export const Route = createFileRoute("/_signed/dashboard/operate/institution/")({
  loader: ({ context }) => context.queryClient.ensureQueryData(institutionSettings()),
  component: OperatedInstitution,
})

function OperatedInstitution() {
  const { t } = useTranslation()
  return (
    <>
      <PageHeader title={t("institution.title")}>{t("institution.text")}</PageHeader>
      <InstitutionForm />
    </>
  )
}
