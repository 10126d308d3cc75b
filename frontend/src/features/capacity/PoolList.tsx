/** The pools: how many machines each has in use, and how far its environments reach. */
import { Box, Button, Text, Title } from "@mantine/core"
import { IconPlus } from "@tabler/icons-react"
import { Link, useNavigate } from "@tanstack/react-router"
import { useId } from "react"
import { useTranslation } from "react-i18next"
import type { Pool, PoolState } from "@/api/types"
import { useFormat } from "@/lib/format"
import table from "@/ui/table.module.css"
import styles from "./pools.module.css"

export function PoolList({ pools }: { pools: PoolState[] }) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <Box component="section" mt="xl" aria-labelledby={id}>
      <div className={styles.head}>
        <div>
          <Title order={2} size="h4" id={id}>
            {t("reach.pools")}
          </Title>
          <Text size="sm" c="dimmed">
            {t("reach.poolsText")}
          </Text>
        </div>
        <Button
          component={Link}
          to="/dashboard/operate/nodes/pools/new"
          variant="default"
          leftSection={<IconPlus size={18} aria-hidden />}
        >
          {t("pools.newTitle")}
        </Button>
      </div>
      <div className={table.frame}>
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">{t("reach.column.pool")}</th>
              <th scope="col">{t("reach.column.machines")}</th>
              <th scope="col">{t("reach.column.reach")}</th>
              <th scope="col">{t("direct.column")}</th>
            </tr>
          </thead>
          <tbody>
            {pools.map((state) => (
              <PoolRow key={state.pool.name} state={state} />
            ))}
          </tbody>
        </table>
      </div>
    </Box>
  )
}

function PoolRow({ state }: { state: PoolState }) {
  const { t } = useTranslation()
  const { pool, nodes, usable_nodes } = state
  const navigate = useNavigate()
  const page = {
    to: "/dashboard/operate/nodes/pools/$name",
    params: { name: pool.name },
  } as const
  return (
    // The title inside is a link: the row is a larger target for the mouse only.
    <tr data-opens onClick={() => void navigate(page)}>
      <td className={table.short}>
        <Link {...page} className={table.name} onClick={(event) => event.stopPropagation()}>
          {pool.title}
        </Link>
        <div className={table.under}>{pool.name}</div>
        <Gives pool={pool} />
      </td>
      <td className={table.short} data-label={t("reach.column.machines")}>
        {t("reach.machines", { count: nodes, usable: usable_nodes })}
      </td>
      <td data-label={t("reach.column.reach")}>
        {t(`reach.word.${pool.egress}`)}
        <div className={table.under}>{t(`reach.text.${pool.egress}`)}</div>
      </td>
      <td data-label={t("direct.column")}>
        <DirectPorts state={state} />
      </td>
    </tr>
  )
}

/** The most one environment gets there. */
function Gives({ pool }: { pool: Pool }) {
  const { t } = useTranslation()
  const format = useFormat()
  const cpu = format.number(pool.max_cpu)
  const memory = format.memory(pool.max_memory_mib)
  const count = pool.max_gpu
  return (
    <div className={table.under}>
      {t("pools.gives", { cpu, memory })}
      {count > 0 && ` · ${t("pools.givesGpus", { count })}`}
    </div>
  )
}

/** At which numbers people reach environments themselves, and whether every machine lets them. */
function DirectPorts({ state }: { state: PoolState }) {
  const { t } = useTranslation()
  const { pool, usable_nodes, direct_nodes, direct_held } = state
  const direct = pool.direct_ports
  if (!direct) return t("direct.off")
  const { first, last } = direct
  const kinds = (direct.kinds ?? []).map((kind) => kind.toUpperCase()).join(", ")
  const host = pool.direct_host ?? t("direct.ownAddress")
  return (
    <>
      {t("direct.range", { first: String(first), last: String(last) })}
      <div className={table.under}>
        {t("direct.text", { kinds, host, count: direct_held, all: last - first + 1 })}
      </div>
      {direct_nodes < usable_nodes && (
        <div className={table.under}>
          <strong>
            {t("direct.shut", { count: usable_nodes - direct_nodes, usable: usable_nodes })}
          </strong>
        </div>
      )}
    </>
  )
}
