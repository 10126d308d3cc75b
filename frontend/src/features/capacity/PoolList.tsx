/** The pools: how many machines each has in use, and how far its environments reach. */
import { Box, Text, Title } from "@mantine/core"
import { useId } from "react"
import { useTranslation } from "react-i18next"
import table from "@/ui/table.module.css"
import type { Pool } from "./capacity"

export function PoolList({ pools }: { pools: Pool[] }) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <Box component="section" mt="xl" aria-labelledby={id}>
      <Title order={2} size="h4" id={id}>
        {t("reach.pools")}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t("reach.poolsText")}
      </Text>
      <div className={table.frame}>
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">{t("reach.column.pool")}</th>
              <th scope="col">{t("reach.column.machines")}</th>
              <th scope="col">{t("reach.column.reach")}</th>
            </tr>
          </thead>
          <tbody>
            {pools.map(({ pool, nodes, usable_nodes }) => (
              <tr key={pool.name}>
                <td className={table.short}>
                  <strong>{pool.title}</strong>
                  <div className={table.under}>{pool.name}</div>
                </td>
                <td className={table.short} data-label={t("reach.column.machines")}>
                  {t("reach.machines", { count: nodes, usable: usable_nodes })}
                </td>
                <td data-label={t("reach.column.reach")}>
                  {t(`reach.word.${pool.egress}`)}
                  <div className={table.under}>{t(`reach.text.${pool.egress}`)}</div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Box>
  )
}
