/** The people of a Course: who came, who has not started, what runs for whom, their scores. */
import { Button } from "@mantine/core"
import { IconRefresh, IconUsers } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import type { CoursePeople as People } from "@/api/types"
import { useFormat } from "@/lib/format"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { FilteredPeople } from "@/ui/list/FilteredPeople"
import { CoursePeopleRows, type ExtraTimeFor } from "./CoursePeopleRows"
import { type CoursePeopleFilter, coursePeople, useSyncPeople, WHICH } from "./coursePeople"
import styles from "./people.module.css"

type Props = {
  courseId: string
  filter: CoursePeopleFilter
  onFilter: (filter: CoursePeopleFilter) => void
  extraTime: ExtraTimeFor
}

export function CoursePeople({ courseId, filter, onFilter, extraTime }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(coursePeople(courseId, filter))
  const sync = useSyncPeople(courseId, filter)
  const head = <Head people={data} reading={sync.isPending} onRead={() => sync.mutate()} />
  // Whoever merely owns the Course sees a number, and nobody by name.
  if (!teaches(data)) return <section aria-label={t("coursePeople.title")}>{head}</section>
  return (
    <section aria-label={t("coursePeople.title")}>
      {head}
      <ProblemNotice error={sync.error} />
      <FilteredPeople
        filter={filter}
        onFilter={onFilter}
        data={data}
        which={{
          label: t("coursePeople.whichFilter"),
          values: WHICH,
          textOf: (which) => t(`coursePeople.which.${which}`),
        }}
        empty={{
          icon: <IconUsers size={40} stroke={1.4} aria-hidden />,
          title: t("coursePeople.emptyTitle"),
          text: t("coursePeople.emptyText"),
        }}
      >
        {(paging) => (
          <CoursePeopleRows
            courseId={courseId}
            people={data.items}
            extraTime={extraTime}
            paging={paging}
          />
        )}
      </FilteredPeople>
    </section>
  )
}

function teaches(people: People): boolean {
  return people.can.includes("sync")
}

function Head(props: { people: People; reading: boolean; onRead: () => void }) {
  const { t } = useTranslation()
  const { people } = props
  return (
    <div className={styles.head}>
      <div>
        {people.everybody > 0 && (
          <p className={styles.summary}>
            {t("coursePeople.summary", { started: people.started, everybody: people.everybody })}
          </p>
        )}
        <p className={styles.dim} role="status">
          {teaches(people) ? <RosterSentence people={people} /> : t("coursePeople.notTeaching")}
        </p>
        {(people.elsewhere ?? 0) > 0 && (
          <p className={styles.dim}>
            {t("coursePeople.elsewhere", { count: people.elsewhere ?? 0 })}
          </p>
        )}
      </div>
      {teaches(people) && (
        <Button
          variant="default"
          leftSection={<IconRefresh size={17} aria-hidden />}
          loading={props.reading}
          onClick={props.onRead}
        >
          {t("coursePeople.sync")}
        </Button>
      )}
    </div>
  )
}

function RosterSentence({ people }: { people: People }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (!people.roster_at) {
    return t(`coursePeople.roster.${people.roster === "away" ? "awayNever" : people.roster}`)
  }
  const when = format.fromNow(new Date(people.roster_at), new Date())
  return t(`coursePeople.roster.${people.roster}`, { when })
}
