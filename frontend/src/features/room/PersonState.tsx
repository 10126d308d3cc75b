/** The state of one student's environment, and why they need help. */
import { useTranslation } from "react-i18next"
import type { RoomPerson } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Status } from "@/ui/feedback/Status"
import table from "@/ui/list/table.module.css"
import { reasonSentence } from "@/ui/reasons/reasonSentence"
import { GROUP_TONES, groupOf } from "./groups"

export function PersonState({ person }: { person: RoomPerson }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { phase, reason, attention } = person
  const extra = person.extra_minutes > 0 && (
    <div className={table.under}>{t("extraTime.shown", { count: person.extra_minutes })}</div>
  )
  if (!phase) {
    return (
      <>
        <Status tone="still">
          {t(person.came ? "coursePeople.notStarted" : "coursePeople.neverCame")}
        </Status>
        {extra}
      </>
    )
  }
  return (
    <>
      <Status tone={GROUP_TONES[groupOf(person)]}>{t(`coursePeople.phase.${phase}`)}</Status>
      {attention && attention !== "failed" && (
        <div className={table.under}>{t(`room.attention.${attention}`)}</div>
      )}
      {reason && <div className={table.under}>{reasonSentence(reason, t)}</div>}
      {attention === "failed" && !reason && (
        <div className={table.under}>{t("room.attention.failed")}</div>
      )}
      {reason?.reference && <div className={table.under}>{reason.reference}</div>}
      {person.step_number > 0 && (
        <div className={table.under}>{t("room.step", { number: person.step_number })}</div>
      )}
      {person.restarts > 0 && (
        <div className={table.under}>{t("room.restarts", { count: person.restarts })}</div>
      )}
      {person.ends_at && (
        <div className={table.under}>
          {t("room.endsAt", { time: format.time(new Date(person.ends_at)) })}
        </div>
      )}
      {extra}
    </>
  )
}
