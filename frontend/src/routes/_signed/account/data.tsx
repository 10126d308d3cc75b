/** What is stored about me, my work folders, and erasure. */
import { createFileRoute } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { MyDataPage } from "@/features/personalData/MyDataPage"
import { myData } from "@/features/personalData/personalData"
import { BackLink } from "@/ui/page/BackLink"

export const Route = createFileRoute("/_signed/account/data")({
  loader: ({ context }) => context.queryClient.ensureQueryData(myData()),
  component: MyDataRoute,
})

function MyDataRoute() {
  const { t } = useTranslation()
  return <MyDataPage back={<BackLink to="/account">{t("account.title")}</BackLink>} />
}
