/** The sessions of a week, day beside day. */
import { useTranslation } from "react-i18next"
import type { VersionedSession } from "@/api/types"
import { useFormat } from "@/lib/format"
import styles from "./calendar.module.css"
import { DaySlot } from "./DaySlot"
import { on } from "./days"

type Props = { days: Date[]; sessions: VersionedSession[] }

export function Week({ days, sessions }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const today = new Date().toDateString()
  return (
    <div className={styles.week}>
      {days.map((day) => {
        const all = on(day, sessions)
        return (
          <section
            key={day.toISOString()}
            className={styles.day}
            data-today={day.toDateString() === today || undefined}
            data-empty={all.length === 0 || undefined}
            aria-label={format.weekday(day)}
          >
            <h2>{format.weekday(day)}</h2>
            {all.length === 0 && <p className={styles.emptyDay}>{t("session.emptyDay")}</p>}
            {all.map((session) => (
              <DaySlot key={session.id} day={day} session={session} />
            ))}
          </section>
        )
      })}
    </div>
  )
}
