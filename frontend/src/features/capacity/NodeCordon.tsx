/** Why a machine takes no new environments, and how to check it again. */
import { Box, Code, Text } from "@mantine/core"
import { useTranslation } from "react-i18next"
import type { Cordon, Node } from "@/api/types"
import table from "@/ui/list/table.module.css"

/** Whether its checks have not passed, rather than that somebody or something closed it since. */
export function isUnchecked({ cordon }: Pick<Node, "cordon">): boolean {
  return !["by_hand", "hardening_differs", "leaving"].includes(cordon?.cause ?? "")
}

type Props = { name: string; cordon: Cordon }

export function NodeCordon({ name, cordon }: Props) {
  const { t } = useTranslation()
  return (
    <Box className={table.under} maw="24rem">
      <Text inherit>{t(`nodes.cordon.${cordon.cause}`)}</Text>
      {cordon.detail && (
        <Code block lang="en">
          {cordon.detail.split("; ").join("\n")}
        </Code>
      )}
      {cordon.cause !== "leaving" && (
        <Text inherit>
          {t("nodes.toCheck")} <code>python -m deploy.node admit {name}</code>
        </Text>
      )}
    </Box>
  )
}
