/** Says that the chosen build cannot start yet on the chosen machines: it runs as root. */
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { api } from "@/api/client"
import { Notice } from "@/ui/feedback/Notice"

export function RootNotice({ buildId, pool }: { buildId: string; pool: string }) {
  const { t } = useTranslation()
  const root = api.useQuery("get", "/api/builds/{build_id}/root", {
    params: { path: { build_id: buildId }, query: { pool } },
  })
  const build = api.useQuery("get", "/api/builds/{build_id}", {
    params: { path: { build_id: buildId } },
  })
  if (!root.data || root.data.may_start || root.data.state === "approved") return null
  return (
    <Notice tone="warn" title={t("root.course.title")}>
      {t(`root.course.${root.data.state}`)}{" "}
      {build.data && (
        <Link
          to="/dashboard/images/$imageId"
          params={{ imageId: build.data.image_id }}
          search={{ section: "builds", build: buildId }}
        >
          {t("root.course.open")}
        </Link>
      )}
    </Notice>
  )
}
