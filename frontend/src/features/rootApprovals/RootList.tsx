/** Requests to run builds as root, for operators: search, state and page are in the address. */
import { Button, Group } from "@mantine/core"
import { IconShieldCheck } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { RootDecision, RootRequest } from "@/api/types"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { Status } from "@/ui/feedback/Status"
import type { Tone } from "@/ui/feedback/tones"
import type { Column } from "@/ui/list/DataTable"
import { ListPage } from "@/ui/list/ListPage"
import table from "@/ui/list/table.module.css"
import { RootFindings } from "@/ui/reasons/RootFindings"
import { Ago } from "@/ui/text/Ago"
import { DecisionDialog } from "./DecisionDialog"
import { PAGE_SIZE, type RootFilter, rootRequests, STATES, useDecideRoot } from "./rootApprovals"
import styles from "./rootApprovals.module.css"

type Props = { filter: RootFilter; onFilter: (filter: RootFilter) => void }

const TONES: Record<RootRequest["state"], Tone> = {
  none: "still",
  asked: "info",
  approved: "ok",
  refused: "bad",
  revoked: "bad",
}

export function RootList({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(rootRequests(filter))
  const decide = useDecideRoot()
  const [asked, setAsked] = useState<{ request: RootRequest; decision: Refusal } | null>(null)
  const columns = useColumns((request, decision) => {
    decide.reset()
    if (decision === "approve") decide.mutate({ buildId: request.build_id, decision })
    else setAsked({ request, decision })
  })
  return (
    <ListPage
      title={t("root.listTitle")}
      text={t("root.listText")}
      above={!asked && <ProblemNotice error={decide.error} />}
      filter={filter}
      onFilter={onFilter}
      search={t("root.searchLabel")}
      choices={[
        {
          name: "state",
          label: t("root.stateFilter"),
          all: t("root.allStates"),
          values: STATES,
          textOf: (state) => t(`root.state.${state}`),
        },
      ]}
      data={data}
      pageSize={PAGE_SIZE}
      empty={{ icon: IconShieldCheck, title: t("root.emptyTitle"), text: t("root.emptyText") }}
      noMatch={filter.state === "asked" ? t("root.nobodyWaits") : t("root.noMatch")}
      columns={columns}
      rowKey={(request) => request.build_id}
    >
      {asked && <DecisionDialog {...asked} decide={decide} onClose={() => setAsked(null)} />}
    </ListPage>
  )
}

type Refusal = Exclude<RootDecision, "approve">
type OnDecide = (request: RootRequest, decision: RootDecision) => void

function useColumns(onDecide: OnDecide): Column<RootRequest>[] {
  const { t } = useTranslation()
  return [
    {
      id: "build",
      header: t("root.column.build"),
      cell: (request) => (
        <>
          <span className={table.name}>{request.image_title}</span>,{" "}
          {t("root.build", { number: request.build_number })}
          <div className={table.under}>{t("root.courses", { count: request.courses })}</div>
          <div className={`${table.under} ${styles.digest}`}>{request.digest}</div>
        </>
      ),
    },
    {
      id: "why",
      header: t("root.column.why"),
      cell: (request) => <Why request={request} />,
    },
    {
      id: "state",
      header: t("root.column.state"),
      cell: (request) => <State request={request} />,
    },
    {
      id: "actions",
      header: t("root.column.actions"),
      kind: "actions",
      cell: (request) => <Decisions request={request} onDecide={onDecide} />,
    },
  ]
}

function Why({ request }: { request: RootRequest }) {
  const { t } = useTranslation()
  return (
    <div className={styles.why}>
      {request.findings.length > 0 ? (
        <RootFindings findings={request.findings} />
      ) : (
        t("root.unknown")
      )}
      {request.comment && <p className={styles.comment}>{request.comment}</p>}
    </div>
  )
}

function State({ request }: { request: RootRequest }) {
  const { t } = useTranslation()
  const reason = { reason: request.reason, interpolation: { escapeValue: false } }
  return (
    <>
      <Status tone={TONES[request.state]}>{t(`root.state.${request.state}`)}</Status>
      <Signature name={request.asked_by} at={request.asked_at} />
      <Signature name={request.decided_by} at={request.decided_at} />
      {request.reason && <div className={table.under}>{t("root.reason", reason)}</div>}
    </>
  )
}

type SignatureProps = { name: string | null | undefined; at: string | null | undefined }

/** Who asked or decided, and when. */
function Signature({ name, at }: SignatureProps) {
  if (!name || !at) return null
  return (
    <div className={table.under}>
      {name}, <Ago at={at} now={new Date()} />
    </div>
  )
}

function Decisions({ request, onDecide }: { request: RootRequest; onDecide: OnDecide }) {
  const { t } = useTranslation()
  const named = {
    title: request.image_title,
    number: request.build_number,
    interpolation: { escapeValue: false },
  }
  return (
    <Group gap="xs" className={styles.actions}>
      {request.can.map((decision) => (
        <Button
          key={decision}
          size="compact-sm"
          variant="default"
          aria-label={t(`root.decideNamed.${decision}`, named)}
          onClick={() => onDecide(request, decision)}
        >
          {t(`root.decide.${decision}`)}
        </Button>
      ))}
    </Group>
  )
}
