/** The people of a Course: who came, who has not started, what runs for whom, their scores. */
import { Button, Group, Select } from "@mantine/core"
import { IconRefresh, IconUsers } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import type { CoursePeople as People } from "@/api/types"
import { useFormat } from "@/lib/format"
import { EmptyState } from "@/ui/EmptyState"
import { Pager } from "@/ui/Pager"
import { ProblemNotice } from "@/ui/ProblemNotice"
import { SearchField } from "@/ui/SearchField"
import { CoursePeopleRows } from "./CoursePeopleRows"
import {
  type CoursePeopleFilter,
  coursePeople,
  PAGE_SIZE,
  useSyncPeople,
  WHICH,
} from "./coursePeople"
import styles from "./people.module.css"

type Props = {
  courseId: string
  filter: CoursePeopleFilter
  onFilter: (filter: CoursePeopleFilter) => void
}

export function CoursePeople({ courseId, filter, onFilter }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(coursePeople(courseId, filter))
  const sync = useSyncPeople(courseId, filter)
  const narrowed = (facts: CoursePeopleFilter) => onFilter({ ...filter, ...facts, page: undefined })
  return (
    <section aria-label={t("coursePeople.title")}>
      <div className={styles.head}>
        <div>
          {data.everybody > 0 && (
            <p className={styles.summary}>
              {t("coursePeople.summary", { started: data.started, everybody: data.everybody })}
            </p>
          )}
          <p className={styles.dim} role="status">
            <RosterSentence people={data} />
          </p>
        </div>
        <Button
          variant="default"
          leftSection={<IconRefresh size={17} aria-hidden />}
          loading={sync.isPending}
          onClick={() => sync.mutate()}
        >
          {t("coursePeople.sync")}
        </Button>
      </div>
      <ProblemNotice error={sync.error} />
      {data.everybody === 0 ? (
        <EmptyState
          icon={<IconUsers size={40} stroke={1.4} aria-hidden />}
          title={t("coursePeople.emptyTitle")}
          text={t("coursePeople.emptyText")}
        />
      ) : (
        <>
          <Group gap="sm" mb="md" role="search">
            <SearchField
              label={t("coursePeople.searchLabel")}
              value={filter.search ?? ""}
              onSearch={(search) => narrowed({ search: search || undefined })}
            />
            <Select
              flex="1 1 150px"
              maw={240}
              aria-label={t("coursePeople.whichFilter")}
              data={[
                { value: "", label: t("coursePeople.all") },
                ...WHICH.map((one) => ({ value: one, label: t(`coursePeople.which.${one}`) })),
              ]}
              value={filter.which ?? ""}
              allowDeselect={false}
              onChange={(chosen) => narrowed({ which: WHICH.find((one) => one === chosen) })}
            />
          </Group>
          {data.total === 0 ? (
            <EmptyState title={t("coursePeople.noMatch")} />
          ) : (
            <CoursePeopleRows courseId={courseId} people={data.items} />
          )}
          <Pager
            page={data.page}
            pageSize={PAGE_SIZE}
            total={data.total}
            onPage={(page) => onFilter({ ...filter, page })}
          />
        </>
      )}
    </section>
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
