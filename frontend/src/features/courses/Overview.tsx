/** A Course at a glance: may students come, what is missing, what it amounts to. */
import { Button } from "@mantine/core"
import { IconCircle, IconCircleCheck } from "@tabler/icons-react"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { Course } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { Section, WithAside } from "@/ui/page/Section"
import { useCourseStatus } from "./courses"
import styles from "./courses.module.css"
import { ExternalDigest } from "./ExternalDigest"
import { NewerBuild } from "./NewerBuild"
import { SummaryCard } from "./SummaryCard"

export function Overview({ course }: { course: Course }) {
  const { t } = useTranslation()
  const format = useFormat()
  const status = useCourseStatus(course)
  const now = new Date()
  const next = course.sessions.next
  const digest = (course.image?.reference ?? course.external?.pinned)?.split("@").at(-1)
  const runs = course.image !== null || course.external !== null
  const mayMakeReady = course.status !== "ready" && runs && course.can.includes("edit")
  return (
    <WithAside aside={<SummaryCard course={course} />}>
      <Notice
        tone={course.status === "ready" ? "ok" : "info"}
        action={
          mayMakeReady && (
            <Button loading={status.isPending} onClick={() => status.mutate("ready")}>
              {t("course.overview.makeReady")}
            </Button>
          )
        }
      >
        {t(`course.overview.${course.status}`)}
      </Notice>
      <ProblemNotice error={status.error} />
      <NewerBuild course={course} />
      <Todo course={course} />
      <Section title={t("course.section.overview")}>
        <dl className={styles.facts}>
          {course.description && (
            <>
              <dt>{t("course.field.description")}</dt>
              <dd>{course.description}</dd>
            </>
          )}
          <dt>{t("course.summary.next")}</dt>
          <dd>
            {next
              ? format.range(new Date(next.starts_at), new Date(next.ends_at), now)
              : t("course.noSession")}
          </dd>
          <dt>{t("course.overview.image")}</dt>
          <dd>
            {course.image ? (
              <>
                <Link to="/dashboard/images/$imageId" params={{ imageId: course.image.image_id }}>
                  {course.image.image_title}
                </Link>
                {" · "}
                {t("build.title", { number: course.image.build_number })}
              </>
            ) : course.external ? (
              <ExternalDigest course={course} />
            ) : (
              t("course.noImage")
            )}
          </dd>
          {digest && (
            <>
              <dt>{t("course.overview.digest")}</dt>
              <dd>
                <code>{digest}</code>
              </dd>
            </>
          )}
          <dt>{t("course.overview.use")}</dt>
          <dd>
            {course.running_environments > 0
              ? t("course.running", { count: course.running_environments })
              : t("course.overview.nothing")}
          </dd>
          <dt>{t("course.overview.owner")}</dt>
          <dd>{course.owner_name}</dd>
          <dt>{t("course.overview.changed")}</dt>
          <dd title={format.exact(new Date(course.updated_at))}>
            {format.fromNow(new Date(course.updated_at), now)}
          </dd>
        </dl>
      </Section>
    </WithAside>
  )
}

function Todo({ course }: { course: Course }) {
  const { t } = useTranslation()
  const steps = [
    [
      "todoImage",
      course.image !== null || course.external !== null,
      "/dashboard/courses/$courseId/technical",
    ],
    ["todoSession", course.sessions.total > 0, "/dashboard/courses/$courseId/sessions"],
    ["todoReady", course.status === "ready", "/dashboard/courses/$courseId/general"],
    ["todoPlaced", course.placed_links > 0, "/dashboard/courses/$courseId/publish"],
  ] as const
  if (steps.every(([, done]) => done)) return null
  return (
    <Section title={t("course.overview.todo")}>
      <ol className={styles.todo}>
        {steps.map(([name, done, to]) => (
          <li key={name}>
            {done ? (
              <IconCircleCheck size={20} data-done aria-hidden />
            ) : (
              <IconCircle size={20} aria-hidden />
            )}
            <Link to={to} params={{ courseId: course.id }}>
              {t(`course.overview.${name}`)}
            </Link>
            <span className={styles.dim}>
              {done ? t("course.overview.done") : t("course.overview.open")}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  )
}
