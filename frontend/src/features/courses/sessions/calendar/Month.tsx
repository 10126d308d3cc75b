/** The sessions of a month: some of each day, and a way to its week. */
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { VersionedSession } from "@/api/types"
import { useFormat } from "@/lib/format"
import { toLocal } from "../sessionTimes"
import styles from "./calendar.module.css"
import { DaySlot } from "./DaySlot"
import { on } from "./days"

const MOST = 3

type Props = { days: Date[]; month: number; sessions: VersionedSession[] }

export function Month({ days, month, sessions }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const today = new Date().toDateString()
  return (
    <div className={styles.month}>
      {days.map((day) => {
        const all = on(day, sessions)
        return (
          <section
            key={day.toISOString()}
            className={styles.day}
            data-today={day.toDateString() === today || undefined}
            data-other={day.getMonth() !== month || undefined}
            data-empty={all.length === 0 || undefined}
            aria-label={format.weekday(day)}
          >
            <h2>{format.weekday(day)}</h2>
            {all.slice(0, MOST).map((session) => (
              <DaySlot key={session.id} day={day} session={session} short />
            ))}
            {all.length > MOST && (
              <Link
                to="/dashboard/calendar"
                search={{ week: toLocal(day).slice(0, 10) }}
                className={styles.more}
              >
                {t("session.more", { count: all.length - MOST })}
              </Link>
            )}
          </section>
        )
      })}
    </div>
  )
}
