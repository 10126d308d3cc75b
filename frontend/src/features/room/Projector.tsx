/** The class for a projector: large numbers and tiles, without any name. */
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { STATUS_ICONS } from "@/ui/feedback/Status"
import { GROUP_TONES, GROUPS, type Group, groupOf } from "./groups"
import { RoomCounts } from "./RoomCounts"
import { useRoom } from "./room"
import styles from "./room.module.css"

type Props = { courseId: string; backLink: ReactNode }

export function Projector({ courseId, backLink }: Props) {
  const { t } = useTranslation()
  const { people, session } = useRoom(courseId)
  // By state and not by name: a tile's place must not tell who it is.
  const groups = people
    .map(groupOf)
    .sort((a, b) => GROUPS.indexOf(a) - GROUPS.indexOf(b))
    .map((group, index) => ({ group, number: index + 1 }))
  return (
    <main id="content" className={styles.projector}>
      <header className={styles.head}>
        <h1>{session?.title || t("room.projectorTitle")}</h1>
        {backLink}
      </header>
      <RoomCounts people={people} large />
      <ul className={styles.tiles}>
        {groups.map(({ group, number }) => (
          <Tile key={number} group={group} number={number} />
        ))}
      </ul>
    </main>
  )
}

function Tile({ group, number }: { group: Group; number: number }) {
  const { t } = useTranslation()
  const tone = GROUP_TONES[group]
  const TileIcon = STATUS_ICONS[tone]
  return (
    <li data-tone={tone}>
      <TileIcon size={26} aria-hidden />
      <span className="md-hidden">
        {t("room.tile", { number, state: t(`room.group.${group}`) })}
      </span>
    </li>
  )
}
