/** The class at a glance: how many are ready, waiting, in need of help. */
import { useTranslation } from "react-i18next"
import type { RoomPerson } from "@/api/types"
import { Status } from "@/ui/feedback/Status"
import { countGroups, GROUP_TONES, GROUPS } from "./groups"
import styles from "./room.module.css"

export function RoomCounts({ people, large }: { people: RoomPerson[]; large?: boolean }) {
  const { t } = useTranslation()
  const counts = countGroups(people)
  const all = people.length
  return (
    <div data-large={large || undefined} className={styles.counts}>
      <p className={styles.ready}>{t("room.readyOf", { ready: counts.ready, all })}</p>
      <div className={styles.bar} aria-hidden>
        {GROUPS.filter((group) => counts[group] > 0).map((group) => (
          <span key={group} data-tone={GROUP_TONES[group]} style={{ flexGrow: counts[group] }} />
        ))}
      </div>
      <ul className={styles.legend} aria-label={t("room.counts")}>
        {GROUPS.filter((group) => group !== "attention" && counts[group] > 0).map((group) => (
          <li key={group}>
            <Status tone={GROUP_TONES[group]}>
              {t(`room.count.${group}`, { count: counts[group] })}
            </Status>
          </li>
        ))}
      </ul>
      <p role="status" className={styles.help}>
        {counts.attention > 0 ? (
          <Status tone="bad">{t("room.count.attention", { count: counts.attention })}</Status>
        ) : (
          t("room.noHelp")
        )}
      </p>
    </div>
  )
}
