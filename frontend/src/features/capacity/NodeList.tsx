/** The machines environments run on: what is free, and what an operator lets each do. */
import { Box, Button, Select } from "@mantine/core"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { Node, PoolState } from "@/api/types"
import { useFormat } from "@/lib/format"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { Status } from "@/ui/feedback/Status"
import type { Tone } from "@/ui/feedback/tones"
import type { Column } from "@/ui/list/DataTable"
import { ListPage } from "@/ui/list/ListPage"
import table from "@/ui/list/table.module.css"
import { nodeList, PAGE_SIZE, poolList, useChangeNode } from "./capacity"
import { isUnchecked, NodeCordon } from "./NodeCordon"
import { NodeEngine } from "./NodeEngine"
import { PoolList } from "./pools/PoolList"

type Props = { page: number; onPage: (page: number) => void }

export function NodeList({ page, onPage }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(nodeList(page))
  const pools = useSuspenseQuery(poolList()).data
  const [drained, setDrained] = useState<Node | null>(null)
  const change = useChangeNode()
  return (
    <ListPage
      title={t("nodes.title")}
      text={t("nodes.text")}
      above={
        change.error && (
          <Box mb="md">
            <ProblemNotice error={change.error} />
          </Box>
        )
      }
      filter={{ page }}
      onFilter={(filter) => onPage(filter.page ?? 1)}
      data={data}
      pageSize={PAGE_SIZE}
      empty={{ title: t("nodes.empty") }}
      columns={useColumns(pools, change, setDrained)}
      rowKey={(node) => node.id}
    >
      <PoolList pools={pools} />
      {drained && (
        <ConfirmDialog
          opened
          title={t("nodes.drainTitle", { name: drained.name })}
          confirm={t("nodes.drain")}
          onClose={() => setDrained(null)}
          onConfirm={() => {
            change.mutate({ id: drained.id, change: { availability: "drain" } })
            setDrained(null)
          }}
        >
          {t("nodes.drainText", { count: drained.environments })}
        </ConfirmDialog>
      )}
    </ListPage>
  )
}

type Change = ReturnType<typeof useChangeNode>

function useColumns(
  pools: PoolState[],
  change: Change,
  onDrain: (node: Node) => void,
): Column<Node>[] {
  const { t } = useTranslation()
  const names = pools.map(({ pool }) => ({ value: pool.name, label: pool.title }))
  return [
    {
      id: "name",
      header: t("nodes.column.name"),
      cell: (node) => (
        <>
          <strong>{node.name}</strong>
          <div className={table.under}>{t("nodes.environments", { count: node.environments })}</div>
          <NodeEngine node={node} />
        </>
      ),
    },
    { id: "state", header: t("nodes.column.state"), cell: (node) => <State node={node} /> },
    {
      id: "free",
      header: t("nodes.column.free"),
      labelled: true,
      cell: (node) => <Free node={node} />,
    },
    {
      id: "pool",
      header: t("nodes.column.pool"),
      labelled: true,
      cell: (node) => (
        <Select
          size="xs"
          maw={180}
          aria-label={t("nodes.poolOf", { name: node.name })}
          data={withOwn(names, node.pool)}
          value={node.pool}
          allowDeselect={false}
          onChange={(pool) => change.mutate({ id: node.id, change: { pool } })}
        />
      ),
    },
    {
      id: "actions",
      header: t("nodes.column.actions"),
      kind: "actions",
      cell: (node) => (
        <Act
          node={node}
          onDrain={() => onDrain(node)}
          onActivate={() => change.mutate({ id: node.id, change: { availability: "active" } })}
        />
      ),
    },
  ]
}

type Choice = { value: string; label: string }

/** A machine may carry the name of a pool that there is not. */
function withOwn(names: Choice[], own: string): Choice[] {
  return names.some(({ value }) => value === own) ? names : [...names, { value: own, label: own }]
}

function State({ node }: { node: Node }) {
  const { t } = useTranslation()
  const [tone, state] = stateOf(node)
  return (
    <>
      <Status tone={tone}>{t(`nodes.state.${state}`)}</Status>
      {node.reachable && node.cordon && <NodeCordon name={node.name} cordon={node.cordon} />}
    </>
  )
}

type NodeState = "down" | "unchecked" | "active" | "pause" | "drain" | "draining"

function stateOf(node: Node): [Tone, NodeState] {
  if (!node.reachable) return ["bad", "down"]
  if (node.availability === "drain" && node.environments > 0) return ["info", "draining"]
  if (!node.admitted) return ["warn", isUnchecked(node) ? "unchecked" : "pause"]
  return node.availability === "active" ? ["ok", "active"] : ["still", node.availability]
}

function Free({ node }: { node: Node }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { room } = node
  const tenths = (value: number) => format.number(Math.round(value * 10) / 10)
  const gib = (mib: number) => tenths(mib / 1024)
  return (
    <>
      {t("nodes.cpu", { free: tenths(room.free_cpu), all: tenths(room.cpu) })}
      <div className={table.under}>
        {t("nodes.memory", { free: gib(room.free_memory_mib), all: gib(room.memory_mib) })}
        {room.gpus > 0 && ` · ${t("nodes.gpus", { free: room.free_gpus, all: room.gpus })}`}
      </div>
    </>
  )
}

type ActProps = { node: Node; onDrain: () => void; onActivate: () => void }

function Act({ node, onDrain, onActivate }: ActProps) {
  const { t } = useTranslation()
  // One that its checks have closed is not used again from here, yet may have to be emptied.
  const mayEmpty = node.admitted ? node.availability === "active" : node.availability !== "drain"
  const label = mayEmpty ? "nodes.drain" : "nodes.activate"
  return (
    <Button
      variant="default"
      size="compact-sm"
      aria-label={`${t(label)}: ${node.name}`}
      onClick={mayEmpty ? onDrain : onActivate}
    >
      {t(label)}
    </Button>
  )
}
