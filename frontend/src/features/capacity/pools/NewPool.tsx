/** A new kind of machine. */
import { useNavigate } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { PageHeader } from "@/ui/page/PageHeader"
import { BackToMachines } from "../BackToMachines"
import { PoolForm } from "./PoolForm"

export function NewPool() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return (
    <>
      <PageHeader title={t("pools.newTitle")} above={<BackToMachines />}>
        {t("pools.newText")}
      </PageHeader>
      <PoolForm
        state={null}
        onMade={(name) =>
          // The guard still knows of what was unsaved a moment ago.
          void navigate({
            to: "/dashboard/operate/nodes/pools/$name",
            params: { name },
            search: { made: true },
            ignoreBlocker: true,
          })
        }
      />
    </>
  )
}
