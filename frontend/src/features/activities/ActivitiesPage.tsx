/** A student's own page outside the LMS: what runs now, what comes by day, all Courses. */
import { Button } from "@mantine/core"
import { IconSchool } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { api } from "@/api/client"
import type { CourseSession, MyCourse } from "@/api/types"
import { useFormat } from "@/lib/format"
import { useLive } from "@/lib/live"
import { EmptyState } from "@/ui/feedback/EmptyState"
import { Status } from "@/ui/feedback/Status"
import type { Tone } from "@/ui/feedback/tones"
import { PageHeader } from "@/ui/page/PageHeader"
import { Preferences } from "@/ui/page/Preferences"
import { SignOut } from "@/ui/page/SignOut"
import styles from "./activities.module.css"

export const myActivities = () => api.queryOptions("get", "/api/activities")

const TONES: Record<NonNullable<MyCourse["phase"]>, Tone> = {
  queued: "warn",
  starting: "info",
  ready: "ok",
  stopping: "info",
  stopped: "still",
  failed: "bad",
}
const ALIVE = ["queued", "starting", "ready"]
const isAlive = ({ phase }: MyCourse) => phase != null && ALIVE.includes(phase)

/** `notices`: about the end of work folders, made by the route. */
export function ActivitiesPage({ notices }: { notices?: ReactNode }) {
  const { t } = useTranslation()
  const { data, refetch } = useSuspenseQuery({ ...myActivities(), refetchInterval: 60_000 })
  useLive(
    () => true,
    () => void refetch(),
  )
  const running = data.courses.filter(isAlive)
  return (
    <main id="content" className={styles.page}>
      <PageHeader
        title={t("activities.title")}
        action={
          <Button variant="default" renderRoot={(root) => <Link to="/join" {...root} />}>
            {t("activities.join")}
          </Button>
        }
      >
        {t("activities.text")}
      </PageHeader>
      {notices}
      {data.courses.length === 0 ? (
        <EmptyState
          icon={<IconSchool size={40} stroke={1.4} aria-hidden />}
          title={t("activities.emptyTitle")}
          text={t("activities.emptyText")}
        />
      ) : (
        <>
          {running.length > 0 && (
            <section aria-labelledby="running">
              <h2 id="running">{t("activities.running")}</h2>
              <Courses courses={running} />
            </section>
          )}
          <section aria-labelledby="upcoming">
            <h2 id="upcoming">{t("activities.upcoming")}</h2>
            <Upcoming sessions={data.sessions} now={new Date(data.now)} />
          </section>
          <section aria-labelledby="courses">
            <h2 id="courses">{t("activities.courses")}</h2>
            <Courses courses={data.courses} />
          </section>
        </>
      )}
      <footer className={styles.footer}>
        <Link to="/account">{t("account.open")}</Link>
        <SignOut />
        <Preferences compact />
      </footer>
    </main>
  )
}

function Courses({ courses }: { courses: MyCourse[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <ul className={styles.list}>
      {courses.map((course) => (
        <li key={course.id} className={styles.card}>
          <div>
            <h3 className={styles.name}>{course.title}</h3>
            {course.phase ? (
              <Status tone={TONES[course.phase]}>{t(`coursePeople.phase.${course.phase}`)}</Status>
            ) : (
              <Status tone="still">{t("activities.notStarted")}</Status>
            )}
            {course.ends_at && isAlive(course) && (
              <span className={styles.dim}>
                {" "}
                {t("activities.ends", { time: format.time(new Date(course.ends_at)) })}
              </span>
            )}
          </div>
          <OpenCourse id={course.id} title={course.title} />
        </li>
      ))}
    </ul>
  )
}

function OpenCourse({ id, title }: { id: string; title: string }) {
  const { t } = useTranslation()
  return (
    <Button
      variant="default"
      aria-label={t("activities.openNamed", { title, interpolation: { escapeValue: false } })}
      renderRoot={(root) => (
        <Link to="/courses/$courseId/window" params={{ courseId: id }} {...root} />
      )}
    >
      {t("activities.openCourse")}
    </Button>
  )
}

function Upcoming({ sessions, now }: { sessions: CourseSession[]; now: Date }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (sessions.length === 0) return <p className={styles.dim}>{t("activities.noSessions")}</p>
  return [...byDay(sessions)].map(([day, planned]) => (
    <div key={day}>
      <h3 className={styles.day}>{format.weekday(new Date(planned[0]?.starts_at ?? day))}</h3>
      <ul className={styles.list}>
        {planned.map((session) => (
          <li key={session.id} className={styles.card}>
            <div>
              <strong className={styles.name}>{session.course_title}</strong>
              <div className={styles.dim}>
                {session.title && `${session.title} · `}
                {format.range(new Date(session.starts_at), new Date(session.ends_at), now)}
              </div>
              {session.state === "running" && (
                <Status tone="ok">{t("session.state.running")}</Status>
              )}
            </div>
            <OpenCourse id={session.course_id} title={session.course_title} />
          </li>
        ))}
      </ul>
    </div>
  ))
}

/** In the reader's own time zone. */
function byDay(sessions: CourseSession[]): Map<string, CourseSession[]> {
  const days = new Map<string, CourseSession[]>()
  for (const session of sessions) {
    const day = new Date(session.starts_at).toDateString()
    days.set(day, [...(days.get(day) ?? []), session])
  }
  return days
}
