/** The rows of a Course's people. */
import { Button, VisuallyHidden } from "@mantine/core"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { PersonOfCourse } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Status } from "@/ui/Status"
import table from "@/ui/table.module.css"
import type { Tone } from "@/ui/tones"
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

export function CoursePeopleRows(props: { courseId: string; people: PersonOfCourse[] }) {
  const { t } = useTranslation()
  const [graded, setGraded] = useState<PersonOfCourse | null>(null)
  return (
    <>
      <div className={table.frame}>
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">{t("coursePeople.column.name")}</th>
              <th scope="col">{t("coursePeople.column.environment")}</th>
              <th scope="col">{t("coursePeople.column.score")}</th>
              <th scope="col">
                <VisuallyHidden>{t("coursePeople.column.actions")}</VisuallyHidden>
              </th>
            </tr>
          </thead>
          <tbody>
            {props.people.map((person) => (
              <Row key={person.key} person={person} onGrade={() => setGraded(person)} />
            ))}
          </tbody>
        </table>
      </div>
      {graded?.user_id && (
        <ScoreDialog
          courseId={props.courseId}
          userId={graded.user_id}
          name={graded.name ?? t("coursePeople.unnamed")}
          activities={graded.activities}
          onClose={() => setGraded(null)}
        />
      )}
    </>
  )
}

function Row({ person, onGrade }: { person: PersonOfCourse; onGrade: () => void }) {
  const { t } = useTranslation()
  const name = person.name ?? t("coursePeople.unnamed")
  return (
    <tr>
      <td>
        <strong>{name}</strong>
        <div className={table.under}>
          {t(`coursePeople.role.${person.role}`)}
          {person.email && ` · ${person.email}`}
        </div>
      </td>
      <td>
        <Environment person={person} />
      </td>
      <td data-label={person.score ? t("coursePeople.column.score") : undefined}>
        {person.score && <Score score={person.score} />}
      </td>
      <td>
        {person.can.includes("send_score") && (
          <Button
            variant="default"
            size="compact-sm"
            aria-label={t("coursePeople.score.sendTo", { name })}
            onClick={onGrade}
          >
            {t("coursePeople.score.send")}
          </Button>
        )}
      </td>
    </tr>
  )
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
