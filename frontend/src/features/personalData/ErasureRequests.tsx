/** Requests of people to erase their data: an operator carries out, or refuses with a reason. */
import { Button, Group, Textarea } from "@mantine/core"
import { IconUserOff } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { Status } from "@/ui/feedback/Status"
import type { Column } from "@/ui/list/DataTable"
import { ListPage } from "@/ui/list/ListPage"
import table from "@/ui/list/table.module.css"
import { Ago } from "@/ui/text/Ago"
import {
  type ErasureRequestEntry,
  PAGE_SIZE,
  type RequestFilter,
  requestList,
  STATES,
  useDecideErasure,
} from "./personalData"

type Props = { filter: RequestFilter; onFilter: (filter: RequestFilter) => void }
type Asked = { request: ErasureRequestEntry; act: "carryOut" | "refuse" }
const TONES = { open: "warn", done: "ok", refused: "bad", withdrawn: "still" } as const

export function ErasureRequests({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(requestList(filter))
  const [asked, setAsked] = useState<Asked | null>(null)
  return (
    <ListPage
      title={t("personalData.requests")}
      text={t("personalData.requestsText")}
      filter={filter}
      onFilter={onFilter}
      search={t("personalData.search")}
      choices={[
        {
          name: "state",
          label: t("personalData.column.state"),
          all: t("personalData.allStates"),
          values: STATES,
          textOf: (state) => t(`personalData.short.${state}`),
          width: 240,
        },
      ]}
      data={data}
      pageSize={PAGE_SIZE}
      empty={{ icon: IconUserOff, title: t("personalData.noRequests") }}
      noMatch={t("personalData.noMatch")}
      columns={useColumns(setAsked)}
      rowKey={(request) => request.id}
    >
      {asked && <Decision asked={asked} onClose={() => setAsked(null)} />}
    </ListPage>
  )
}

function Decision({ asked: { request, act }, onClose }: { asked: Asked; onClose: () => void }) {
  const { t } = useTranslation()
  const [answer, setAnswer] = useState("")
  const decide = useDecideErasure()
  const isRefusal = act === "refuse"
  return (
    <ConfirmDialog
      opened
      title={t(`personalData.${act}Title`, { name: request.name })}
      confirm={t(`personalData.${act}Confirm`)}
      danger={!isRefusal}
      busy={decide.isPending}
      disabled={isRefusal && !answer.trim()}
      onClose={onClose}
      onConfirm={() =>
        decide.mutate(
          { id: request.id, answer: isRefusal ? answer : undefined },
          { onSuccess: onClose },
        )
      }
    >
      {isRefusal ? (
        <Textarea
          label={t("personalData.answer")}
          description={t("personalData.answerHelp")}
          maxLength={1000}
          required
          value={answer}
          onChange={(event) => setAnswer(event.currentTarget.value)}
        />
      ) : (
        <>
          <p>{t("personalData.carryOutText", { count: request.folders })}</p>
          <p>{t("personalData.stays")}</p>
        </>
      )}
      <ProblemNotice error={decide.error} />
    </ConfirmDialog>
  )
}

function useColumns(onAsk: (asked: Asked) => void): Column<ErasureRequestEntry>[] {
  const { t } = useTranslation()
  const now = new Date()
  return [
    {
      id: "person",
      header: t("personalData.column.person"),
      cell: (request) => (
        <>
          <span className={table.name}>{request.name}</span>
          {request.email && <div className={table.under}>{request.email}</div>}
          {request.words && <div>{request.words}</div>}
        </>
      ),
    },
    {
      id: "asked",
      header: t("personalData.column.asked"),
      labelled: true,
      cell: (request) => <Ago at={request.asked_at} now={now} />,
    },
    {
      id: "state",
      header: t("personalData.column.state"),
      labelled: true,
      cell: (request) => (
        <>
          <Status tone={TONES[request.state]}>{t(`personalData.short.${request.state}`)}</Status>
          {request.state === "open" && (
            <div className={table.under}>
              {t("personalData.folderCount", { count: request.folders })}
              {request.owned > 0 && <div>{t("personalData.owns", { count: request.owned })}</div>}
            </div>
          )}
          {request.answer && <div className={table.under}>{request.answer}</div>}
        </>
      ),
    },
    {
      id: "actions",
      header: t("personalData.column.actions"),
      kind: "actions",
      cell: (request) =>
        request.state === "open" && (
          <Group gap="xs" wrap="nowrap">
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t("personalData.carryOutNamed", { name: request.name })}
              disabled={request.owned > 0}
              onClick={() => onAsk({ request, act: "carryOut" })}
            >
              {t("personalData.carryOut")}
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t("personalData.refuseNamed", { name: request.name })}
              onClick={() => onAsk({ request, act: "refuse" })}
            >
              {t("personalData.refuse")}
            </Button>
          </Group>
        ),
    },
  ]
}
