/** A session on one day: the part of it that lies there, and a way to it. */
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { VersionedSession } from "@/api/types"
import { useFormat } from "@/lib/format"
import { ExtraTimeOfSession } from "../ExtraTimeOfSession"
import styles from "./calendar.module.css"
import { partOn } from "./days"

/** `short`: where there is room for time and course only. */
type Props = { day: Date; session: VersionedSession; short?: boolean }

export function DaySlot({ day, session, short }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { from, to } = partOn(day, session)
  const time = () => {
    if (from && to) return `${format.time(from)}–${format.time(to)}`
    if (from) return t("session.fromTime", { time: format.time(from) })
    if (to) return t("session.untilTime", { time: format.time(to) })
    return t("session.allDay")
  }
  return (
    <Link
      to="/dashboard/courses/$courseId/sessions"
      params={{ courseId: session.course_id }}
      search={{ session: session.id }}
      className={styles.slot}
      title={format.range(new Date(session.starts_at), new Date(session.ends_at), new Date())}
    >
      {time()}
      <strong>{session.course_title}</strong>
      {!short && (
        <>
          {session.title && `${session.title} · `}
          {t("session.students", { count: session.students })}
          <ExtraTimeOfSession session={session} />
        </>
      )}
    </Link>
  )
}
