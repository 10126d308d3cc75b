/** "TP 3 · jusqu'à 16:00 · reste 42 min". */
import { useTranslation } from "react-i18next"
import type { StudentWindow } from "@/api/types"
import { useFormat } from "@/lib/format"
import styles from "./window.module.css"

export function SessionSummary({ window, now }: { window: StudentWindow; now: Date }) {
  const { t } = useTranslation()
  const format = useFormat()
  const session = window.session
  const left = window.ends_at ? new Date(window.ends_at).getTime() - now.getTime() : null
  const hard = window.lease.hard_ends_at
  const time = left !== null && left > 0 && (
    <>
      <span>{t("window.session.left", { time: format.duration(left) })}</span>
      {hard && <span>{t("lease.hardLimit", { time: format.time(new Date(hard)) })}</span>}
    </>
  )
  if (!session) return time ? <p className={styles.session}>{time}</p> : null
  const starts = new Date(session.starts_at)
  const ends = new Date(session.ends_at)
  const today = ends.toDateString() === now.toDateString()
  const end = today ? format.time(ends) : format.moment(ends, now)
  const when = {
    upcoming: format.range(starts, ends, now),
    running: t("window.session.running", { end }),
    over: t("window.session.over", { end: format.moment(ends, now) }),
  }[session.state]
  return (
    <p className={styles.session}>
      <span>{session.title || t("window.session.untitled")}</span>
      <span title={`${format.exact(starts)} – ${format.exact(ends)}`}>{when}</span>
      {session.extra_minutes > 0 && (
        <span>{t("extraTime.shown", { count: session.extra_minutes })}</span>
      )}
      {time}
    </p>
  )
}
