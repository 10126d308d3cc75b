/** Which Docker a machine runs, and the API version spoken with it: of the manager alone. */
import { useTranslation } from "react-i18next"
import type { Node } from "@/api/types"
import table from "@/ui/list/table.module.css"

type Props = { node: Pick<Node, "engine_version" | "api_version"> }

export function NodeEngine({ node }: Props) {
  const { t } = useTranslation()
  if (!node.engine_version) return null
  return (
    <div className={table.under}>
      {t("nodes.engine", { version: node.engine_version })}
      {node.api_version && ` · ${t("nodes.api", { version: node.api_version })}`}
    </div>
  )
}
