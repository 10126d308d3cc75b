/** The pools: how many machines each has in use, and how far its environments reach. */
import { Box, Button, Text, Title } from "@mantine/core"
import { IconPlus } from "@tabler/icons-react"
import { Link, useNavigate } from "@tanstack/react-router"
import { useId } from "react"
import { useTranslation } from "react-i18next"
import type { Pool, PoolState } from "@/api/types"
import { useFormat } from "@/lib/format"
import { type Column, DataTable } from "@/ui/list/DataTable"
import table from "@/ui/list/table.module.css"
import styles from "./pools.module.css"

export function PoolList({ pools }: { pools: PoolState[] }) {
  const { t } = useTranslation()
  const id = useId()
  const navigate = useNavigate()
  const columns = useColumns()
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
      <DataTable
        caption={t("reach.pools")}
        columns={columns}
        rows={pools}
        rowKey={(state) => state.pool.name}
        onOpen={(state) => void navigate(pageOf(state.pool))}
      />
    </Box>
  )
}

const pageOf = (pool: Pool) =>
  ({ to: "/dashboard/operate/nodes/pools/$name", params: { name: pool.name } }) as const

function useColumns(): Column<PoolState>[] {
  const { t } = useTranslation()
  return [
    {
      id: "pool",
      header: t("reach.column.pool"),
      kind: "short",
      cell: ({ pool }) => (
        <>
          <Link {...pageOf(pool)} className={table.name}>
            {pool.title}
          </Link>
          <div className={table.under}>{pool.name}</div>
          <Gives pool={pool} />
        </>
      ),
    },
    {
      id: "machines",
      header: t("reach.column.machines"),
      kind: "short",
      labelled: true,
      cell: ({ nodes, usable_nodes }) =>
        t("reach.machines", { count: nodes, usable: usable_nodes }),
    },
    {
      id: "reach",
      header: t("reach.column.reach"),
      labelled: true,
      cell: ({ pool }) => (
        <>
          {t(`reach.word.${pool.egress}`)}
          <div className={table.under}>{t(`reach.text.${pool.egress}`)}</div>
        </>
      ),
    },
    {
      id: "direct",
      header: t("direct.column"),
      labelled: true,
      cell: (state) => <DirectPorts state={state} />,
    },
  ]
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
