/** The live room of a Course: the class at work, who needs help, and what to do for them. */
import { IconUsers } from "@tabler/icons-react"
import { type ReactNode, useMemo, useState } from "react"
import { useTranslation } from "react-i18next"
import type { Room } from "@/api/types"
import { useFormat } from "@/lib/format"
import { EmptyState } from "@/ui/feedback/EmptyState"
import { FilteredList } from "@/ui/list/FilteredList"
import { arranged, GROUPS, type RoomFilter } from "./groups"
import { PersonDialog } from "./PersonDialog"
import { RoomActs } from "./RoomActs"
import { RoomCounts } from "./RoomCounts"
import { RoomRows } from "./RoomRows"
import { useRoom } from "./room"
import styles from "./room.module.css"

type Props = {
  courseId: string
  filter: RoomFilter
  onFilter: (filter: RoomFilter) => void
  /** Leads to the view for a projector, made by the route. */
  projectorLink: ReactNode
  /** Granting extra time, made by the route. */
  extraTime: {
    forAll: ReactNode
    dialog: (person: { id: string; name: string }, onClose: () => void) => ReactNode
  }
}

export function LiveRoom({ courseId, filter, onFilter, projectorLink, extraTime }: Props) {
  const { t } = useTranslation()
  const room = useRoom(courseId)
  const [chosen, setChosen] = useState<string | null>(null)
  const [grants, setGrants] = useState(false)
  const rows = useMemo(() => arranged(room.people, filter), [room.people, filter])
  const person = room.people.find((known) => known.key === chosen)
  return (
    <section aria-label={t("room.title")}>
      <div className={styles.head}>
        <div>
          <PlannedSession room={room} />
          <RoomCounts people={room.people} />
        </div>
        {projectorLink}
      </div>
      <RoomActs courseId={courseId} people={room.people} more={extraTime.forAll} />
      {(room.elsewhere ?? 0) > 0 && (
        <p className={styles.dim}>{t("coursePeople.elsewhere", { count: room.elsewhere ?? 0 })}</p>
      )}
      <FilteredList
        total={rows.length}
        filtered={room.people.length > 0}
        empty={
          <EmptyState
            icon={<IconUsers size={40} stroke={1.4} aria-hidden />}
            title={t("room.emptyTitle")}
            text={t("room.emptyText")}
          />
        }
        filtering={{
          filter,
          onFilter,
          search: t("room.searchLabel"),
          choices: [
            {
              name: "group",
              label: t("room.stateFilter"),
              all: t("room.everyState"),
              values: GROUPS,
              textOf: (group) => t(`room.group.${group}`),
              width: 240,
            },
          ],
        }}
        noMatch={t("room.noMatch")}
      >
        {room.total > room.people.length && (
          <p className={styles.dim}>
            {t("room.more", { shown: room.people.length, total: room.total })}
          </p>
        )}
        <RoomRows people={rows} onChoose={setChosen} />
      </FilteredList>
      {person && !grants && (
        <PersonDialog
          courseId={courseId}
          person={person}
          onExtraTime={() => setGrants(true)}
          onClose={() => setChosen(null)}
        />
      )}
      {person?.user_id &&
        grants &&
        extraTime.dialog(
          { id: person.user_id, name: person.name ?? t("coursePeople.unnamed") },
          () => setGrants(false),
        )}
    </section>
  )
}

function PlannedSession({ room }: { room: Room }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { session } = room
  if (!session) return <p className={styles.dim}>{t("room.noSession")}</p>
  const [from, to] = [new Date(session.starts_at), new Date(session.ends_at)]
  return (
    <p className={styles.dim}>
      {t("room.sessionText", {
        title: session.title || t("session.untitled"),
        when: format.range(from, to, new Date(room.now)),
        interpolation: { escapeValue: false },
      })}{" "}
      · {t(`session.state.${session.state}`)}
    </p>
  )
}
