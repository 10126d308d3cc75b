/** The rows of a Course's people. */
import { Button, Group } from "@mantine/core"
import { type ReactNode, useState } from "react"
import { useTranslation } from "react-i18next"
import type { PersonOfCourse } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Status } from "@/ui/feedback/Status"
import type { Tone } from "@/ui/feedback/tones"
import { type Column, DataTable } from "@/ui/list/DataTable"
import type { Paging } from "@/ui/list/Pager"
import table from "@/ui/list/table.module.css"
import { ScoreDialog } from "./ScoreDialog"

type Phase = NonNullable<PersonOfCourse["environment"]>
type ScoreState = NonNullable<PersonOfCourse["score"]>["state"]

const PHASES: Record<Phase, Tone> = {
  queued: "info",
  starting: "info",
  ready: "ok",
  stopping: "info",
  stopped: "still",
  failed: "bad",
}
const SCORES: Record<ScoreState, Tone> = {
  queued: "info",
  delivered: "ok",
  superseded: "still",
  withheld: "still",
  refused: "bad",
}

/** The dialog that grants extra time to one person, made by the route. */
export type ExtraTimeFor = (person: { id: string; name: string }, onClose: () => void) => ReactNode
type Props = {
  courseId: string
  people: PersonOfCourse[]
  paging: Paging
  extraTime: ExtraTimeFor
}

export function CoursePeopleRows(props: Props) {
  const { t } = useTranslation()
  const [graded, setGraded] = useState<PersonOfCourse | null>(null)
  const [granted, setGranted] = useState<PersonOfCourse | null>(null)
  const columns = useColumns(setGraded, setGranted)
  return (
    <>
      <DataTable
        caption={t("coursePeople.title")}
        columns={columns}
        rows={props.people}
        rowKey={(person) => person.key}
        paging={props.paging}
      />
      {graded?.user_id && (
        <ScoreDialog
          courseId={props.courseId}
          userId={graded.user_id}
          name={graded.name ?? t("coursePeople.unnamed")}
          activities={graded.activities}
          onClose={() => setGraded(null)}
        />
      )}
      {granted?.user_id &&
        props.extraTime(
          { id: granted.user_id, name: granted.name ?? t("coursePeople.unnamed") },
          () => setGranted(null),
        )}
    </>
  )
}

type Chooses = (person: PersonOfCourse) => void

function useColumns(onGrade: Chooses, onGrant: Chooses): Column<PersonOfCourse>[] {
  const { t } = useTranslation()
  const nameOf = (person: PersonOfCourse) => person.name ?? t("coursePeople.unnamed")
  return [
    {
      id: "name",
      header: t("coursePeople.column.name"),
      cell: (person) => (
        <>
          <strong>{nameOf(person)}</strong>
          <div className={table.under}>
            {t(`coursePeople.role.${person.role}`)}
            {person.email && ` · ${person.email}`}
          </div>
        </>
      ),
    },
    {
      id: "environment",
      header: t("coursePeople.column.environment"),
      cell: (person) => <Environment person={person} />,
    },
    {
      id: "score",
      header: t("coursePeople.column.score"),
      labelled: true,
      cell: (person) => person.score && <Score score={person.score} />,
    },
    {
      id: "actions",
      header: t("coursePeople.column.actions"),
      kind: "actions",
      cell: (person) => (
        <Group gap={4} wrap="nowrap" justify="flex-end">
          {person.can.includes("send_score") && (
            <Button
              variant="default"
              size="compact-sm"
              aria-label={t("coursePeople.score.sendTo", { name: nameOf(person) })}
              onClick={() => onGrade(person)}
            >
              {t("coursePeople.score.send")}
            </Button>
          )}
          {person.can.includes("extra_time") && (
            <Button
              variant="default"
              size="compact-sm"
              aria-label={t("extraTime.actionNamed", { name: nameOf(person) })}
              onClick={() => onGrant(person)}
            >
              {t("extraTime.action")}
            </Button>
          )}
        </Group>
      ),
    },
  ]
}

function Environment({ person }: { person: PersonOfCourse }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (!person.environment) {
    const said = person.came ? "coursePeople.notStarted" : "coursePeople.neverCame"
    return <Status tone="still">{t(said)}</Status>
  }
  const started = person.started_at ? new Date(person.started_at) : null
  return (
    <>
      <Status tone={PHASES[person.environment]}>
        {t(`coursePeople.phase.${person.environment}`)}
      </Status>
      {started && (
        <div className={table.under} title={format.exact(started)}>
          {t("coursePeople.started", { when: format.fromNow(started, new Date()) })}
        </div>
      )}
    </>
  )
}

function Score({ score }: { score: NonNullable<PersonOfCourse["score"]> }) {
  const { t, i18n } = useTranslation()
  const noColumn = score.state === "refused" && score.reason === "grades_not_offered"
  const given =
    score.given === null
      ? t("coursePeople.score.done")
      : t("coursePeople.score.value", { given: score.given.toLocaleString(i18n.language) })
  return (
    <>
      <span>{given}</span>{" "}
      <Status tone={SCORES[score.state]}>
        {noColumn
          ? t("coursePeople.score.refusedNoColumn")
          : t(`coursePeople.score.state.${score.state}`)}
      </Status>
      <div className={table.under}>
        {t("coursePeople.score.inColumn", {
          activity: score.activity || t("coursePeople.score.unnamedActivity"),
        })}
      </div>
    </>
  )
}
