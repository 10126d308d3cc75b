/** Sessions that ask for room: an operator grants it, or refuses with a reason. */
import { Button, Group, Textarea } from "@mantine/core"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { CapacityRequest } from "@/api/types"
import { useFormat } from "@/lib/format"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { type Column, DataTable } from "@/ui/list/DataTable"
import table from "@/ui/list/table.module.css"
import { Section } from "@/ui/page/Section"
import { capacityRequests, useDecideCapacity } from "./forecast"

export function RequestList() {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(capacityRequests(1))
  const [refused, refuse] = useState<CapacityRequest | null>(null)
  const decide = useDecideCapacity()
  const columns = useColumns(
    (request) => decide.mutate({ sessionId: request.session_id, decision: "granted" }),
    refuse,
  )
  return (
    <Section
      title={t("forecast.requests", { count: data.total })}
      text={t("forecast.requestsText")}
    >
      {!refused && <ProblemNotice error={decide.error} />}
      {data.total === 0 ? (
        <p>{t("forecast.noRequests")}</p>
      ) : (
        <DataTable
          caption={t("forecast.requests", { count: data.total })}
          columns={columns}
          rows={data.items}
          rowKey={(request) => request.session_id}
        />
      )}
      {refused && <RefusalDialog request={refused} decide={decide} onClose={() => refuse(null)} />}
    </Section>
  )
}

function useColumns(
  onGrant: (request: CapacityRequest) => void,
  onRefuse: (request: CapacityRequest) => void,
): Column<CapacityRequest>[] {
  const { t } = useTranslation()
  const format = useFormat()
  const name = (request: CapacityRequest) => `${request.course_title} ${request.title}`.trim()
  return [
    {
      id: "course",
      header: t("forecast.column.course"),
      cell: (request) => (
        <>
          <strong>{request.course_title}</strong>
          <div className={table.under}>{[request.title, request.owner_name].join(" · ")}</div>
        </>
      ),
    },
    {
      id: "when",
      header: t("forecast.column.when"),
      labelled: true,
      cell: ({ starts_at, ends_at }) =>
        format.range(new Date(starts_at), new Date(ends_at), new Date()),
    },
    {
      id: "room",
      header: t("forecast.column.room"),
      labelled: true,
      cell: ({ check }) =>
        t("forecast.fits", {
          fitting: check.fitting,
          students: check.students,
          pool: check.pool_title,
        }),
    },
    {
      id: "actions",
      header: t("forecast.column.actions"),
      kind: "actions",
      cell: (request) => (
        <Group gap="xs" wrap="nowrap">
          <Button
            size="compact-sm"
            aria-label={`${t("forecast.grant")}: ${name(request)}`}
            onClick={() => onGrant(request)}
          >
            {t("forecast.grant")}
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`${t("forecast.refuse")}: ${name(request)}`}
            onClick={() => onRefuse(request)}
          >
            {t("forecast.refuse")}
          </Button>
        </Group>
      ),
    },
  ]
}

type DialogProps = {
  request: CapacityRequest
  decide: ReturnType<typeof useDecideCapacity>
  onClose: () => void
}

function RefusalDialog({ request, decide, onClose }: DialogProps) {
  const { t } = useTranslation()
  const [reason, setReason] = useState("")
  return (
    <ConfirmDialog
      opened
      title={t("forecast.refuseTitle", { course: request.course_title })}
      confirm={t("forecast.refuse")}
      danger
      busy={decide.isPending}
      onClose={onClose}
      onConfirm={() =>
        decide.mutate(
          { sessionId: request.session_id, decision: "refused", reason },
          { onSuccess: onClose },
        )
      }
    >
      <p>{t("forecast.refuseText")}</p>
      <Textarea
        label={t("forecast.reasonField")}
        autosize
        minRows={2}
        maxLength={500}
        data-autofocus
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <ProblemNotice error={decide.error} />
    </ConfirmDialog>
  )
}
