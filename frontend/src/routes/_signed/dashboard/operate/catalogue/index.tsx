/** The catalogue's images and images for all teachers, for operators. */
import { createFileRoute } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { EntryTable } from "@/features/catalogue/EntryTable"
import { VisibilityRequests } from "@/features/visibility/VisibilityRequests"
import { visibilityRequests } from "@/features/visibility/visibility"
import { catalogue } from "@/ui/catalogue/entries"
import { PageHeader } from "@/ui/page/PageHeader"

export const Route = createFileRoute("/_signed/dashboard/operate/catalogue/")({
  validateSearch: (raw: Record<string, unknown>): { page?: number } => ({
    page: Number(raw.page) > 1 ? Math.floor(Number(raw.page)) : undefined,
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) =>
    Promise.all([
      context.queryClient.ensureQueryData(catalogue()),
      context.queryClient.ensureQueryData(visibilityRequests(deps.page ?? 1)),
    ]),
  component: OperatedCatalogue,
})

function OperatedCatalogue() {
  const { t } = useTranslation()
  const { page } = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <>
      <PageHeader title={t("catalogue.title")}>{t("catalogue.operatorText")}</PageHeader>
      <EntryTable />
      <VisibilityRequests
        page={page ?? 1}
        onPage={(next) => void navigate({ search: { page: next > 1 ? next : undefined } })}
      />
    </>
  )
}
