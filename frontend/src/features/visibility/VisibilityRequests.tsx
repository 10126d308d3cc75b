/** Requests that an Image be for all teachers, for operators to decide. */
import { Button, Group } from "@mantine/core"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { VisibilityRequest } from "@/api/types"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { Status } from "@/ui/feedback/Status"
import type { Tone } from "@/ui/feedback/tones"
import { RequiredReason } from "@/ui/form/RequiredReason"
import { type Column, DataTable } from "@/ui/list/DataTable"
import table from "@/ui/list/table.module.css"
import { PAGE_SIZE, useDecideVisibility, visibilityRequests } from "./visibility"

const TONES: Record<VisibilityRequest["state"], Tone> = {
  private: "still",
  asked: "info",
  public: "ok",
  refused: "bad",
}

type Props = { page: number; onPage: (page: number) => void }

export function VisibilityRequests({ page, onPage }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(visibilityRequests(page))
  const decide = useDecideVisibility()
  const [refused, setRefused] = useState<VisibilityRequest | null>(null)
  const columns = useColumns(
    (image_id) => decide.mutate({ imageId: image_id, decision: "approve" }),
    (request) => {
      decide.reset()
      setRefused(request)
    },
  )
  return (
    <section>
      <h2>{t("visibility.requests")}</h2>
      {!refused && <ProblemNotice error={decide.error} />}
      {data.total === 0 ? (
        <p>{t("visibility.nobody")}</p>
      ) : (
        <DataTable
          caption={t("visibility.requests")}
          columns={columns}
          rows={data.items}
          rowKey={(request) => request.image_id}
          paging={{ page, pageSize: PAGE_SIZE, total: data.total, onPage }}
        />
      )}
      {refused && <Refusal request={refused} decide={decide} onClose={() => setRefused(null)} />}
    </section>
  )
}

type RefusalProps = {
  request: VisibilityRequest
  decide: ReturnType<typeof useDecideVisibility>
  onClose: () => void
}

function Refusal({ request, decide, onClose }: RefusalProps) {
  const { t } = useTranslation()
  const [reason, setReason] = useState("")
  const [missing, setMissing] = useState(false)
  const confirm = () => {
    setMissing(!reason.trim())
    if (!reason.trim()) return
    decide.mutate({ imageId: request.image_id, decision: "refuse", reason }, { onSuccess: onClose })
  }
  return (
    <ConfirmDialog
      opened
      title={t("visibility.refuseTitle", {
        title: request.title,
        interpolation: { escapeValue: false },
      })}
      confirm={t("visibility.refuse")}
      danger
      busy={decide.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>{t("visibility.refuseText")}</p>
      <RequiredReason reason={reason} asked={missing} onChange={setReason} />
      <ProblemNotice error={decide.error} />
    </ConfirmDialog>
  )
}

function useColumns(
  onApprove: (imageId: string) => void,
  onRefuse: (request: VisibilityRequest) => void,
): Column<VisibilityRequest>[] {
  const { t } = useTranslation()
  return [
    {
      id: "image",
      header: t("image.column.title"),
      cell: (request) => (
        <>
          <span className={table.name}>{request.title}</span>
          <div className={table.under}>{request.owner_name}</div>
          <div className={table.under}>{request.comment}</div>
        </>
      ),
    },
    {
      id: "use",
      header: t("image.column.use"),
      labelled: true,
      cell: (request) => t("image.usedBy", { count: request.courses }),
    },
    {
      id: "state",
      header: t("root.column.state"),
      cell: (request) => (
        <>
          <Status tone={TONES[request.state]}>{t(`visibility.state.${request.state}`)}</Status>
          {request.reason && <div className={table.under}>{request.reason}</div>}
        </>
      ),
    },
    {
      id: "actions",
      header: t("root.column.actions"),
      kind: "actions",
      cell: (request) => (
        <Group gap="xs">
          {request.can.includes("approve") && (
            <Button size="sm" onClick={() => onApprove(request.image_id)}>
              {t("visibility.approve")}
            </Button>
          )}
          {request.can.includes("refuse") && (
            <Button size="sm" variant="default" onClick={() => onRefuse(request)}>
              {t("visibility.refuse")}
            </Button>
          )}
        </Group>
      ),
    },
  ]
}
