/** The sessions of a week. */
import { Button, Group } from "@mantine/core"
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { api } from "@/api/client"
import { useFormat } from "@/lib/format"
import { PageHeader } from "@/ui/page/PageHeader"
import styles from "../courses.module.css"
import { ExtraTimeOfSession } from "./ExtraTimeOfSession"
import { addDays, mondayOf, toLocal } from "./sessionTimes"

export function weekOf(monday: Date) {
  return api.queryOptions("get", "/api/sessions", {
    params: {
      query: {
        from: monday.toISOString(),
        to: addDays(monday, 7).toISOString(),
        page_size: 200,
      },
    },
  })
}

type Props = { monday: Date; onWeek: (day: string | undefined) => void }

export function Calendar({ monday, onWeek }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data } = useSuspenseQuery(weekOf(monday))
  const go = (days: number) => onWeek(toLocal(addDays(monday, days)).slice(0, 10))
  const today = new Date().toDateString()
  return (
    <>
      <PageHeader
        title={t("session.calendarTitle")}
        action={
          <Group gap="xs">
            <Button variant="default" aria-label={t("session.previousWeek")} onClick={() => go(-7)}>
              <IconChevronLeft size={18} aria-hidden />
            </Button>
            <Button
              variant="default"
              disabled={mondayOf(new Date()).getTime() === monday.getTime()}
              onClick={() => onWeek(undefined)}
            >
              {t("session.thisWeek")}
            </Button>
            <Button variant="default" aria-label={t("session.nextWeek")} onClick={() => go(7)}>
              <IconChevronRight size={18} aria-hidden />
            </Button>
          </Group>
        }
      >
        <span>{t("session.week", { date: format.date(monday) })}</span>
        <span>{t("session.zone", { zone: format.zone(monday) })}</span>
      </PageHeader>
      {data.items.length === 0 && <p role="status">{t("session.noneThisWeek")}</p>}
      <div className={styles.week}>
        {Array.from({ length: 7 }, (_, index) => addDays(monday, index)).map((day) => {
          const next = addDays(day, 1)
          const sessions = data.items
            .filter(
              (session) => new Date(session.starts_at) < next && new Date(session.ends_at) > day,
            )
            .sort((a, b) => a.starts_at.localeCompare(b.starts_at))
          return (
            <section
              key={day.toISOString()}
              className={styles.day}
              data-today={day.toDateString() === today || undefined}
              data-empty={sessions.length === 0 || undefined}
              aria-label={format.weekday(day)}
            >
              <h2>{format.weekday(day)}</h2>
              {sessions.length === 0 && <p className={styles.emptyDay}>{t("session.emptyDay")}</p>}
              {sessions.map((session) => (
                <Link
                  key={session.id}
                  to="/dashboard/courses/$courseId/sessions"
                  params={{ courseId: session.course_id }}
                  search={{ session: session.id }}
                  className={styles.slot}
                >
                  {format.time(new Date(session.starts_at))}–
                  {format.time(new Date(session.ends_at))}
                  <strong>{session.course_title}</strong>
                  {session.title && `${session.title} · `}
                  {t("session.students", { count: session.students })}
                  <ExtraTimeOfSession session={session} />
                </Link>
              ))}
            </section>
          )
        })}
      </div>
    </>
  )
}
