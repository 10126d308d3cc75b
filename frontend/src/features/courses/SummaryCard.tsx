/** What the choices of a Course amount to: "30 × 2 CPU = 60 CPU". */
import { useTranslation } from "react-i18next"
import type { Course, Port } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Section } from "@/ui/Section"
import styles from "./courses.module.css"

type Props = {
  course: Course
  /** What a form holds before it is saved. */
  now?: { cpu: number | null; memory: number | null; ports: Port[]; saves: boolean; path: string }
}

export function SummaryCard({ course, now }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const students = Math.max(0, ...course.sessions.map((session) => session.students))
  const cpu = now?.cpu ?? (now ? defaultOf(course, "cpu") : course.effective_cpu)
  const memory = now?.memory ?? (now ? defaultOf(course, "memory") : course.effective_memory_mib)
  const ports = now?.ports ?? course.ports ?? []
  const saves = now?.saves ?? course.work_folder?.save ?? true
  const path = now?.path ?? course.work_folder?.path ?? ""
  return (
    <Section title={t("course.summary.title")}>
      <dl className={styles.sum}>
        {students > 0 ? (
          <>
            <dt>{t("course.summary.students")}</dt>
            <dd>{t("course.summary.students_value", { count: students })}</dd>
            {cpu !== null && (
              <>
                <dt>{t("course.summary.cpu")}</dt>
                <dd>
                  {t("course.summary.cpu_value", {
                    students,
                    each: format.number(cpu),
                    total: format.number(students * cpu),
                  })}
                </dd>
              </>
            )}
            {memory !== null && (
              <>
                <dt>{t("course.summary.memory")}</dt>
                <dd>
                  {t("course.summary.memory_value", {
                    students,
                    each: format.memory(memory),
                    total: format.memory(students * memory),
                  })}
                </dd>
              </>
            )}
          </>
        ) : (
          <>
            <dt>{t("course.form.resourcesTitle")}</dt>
            <dd>
              {cpu !== null && memory !== null
                ? t("course.summary.each", {
                    cpu: format.number(cpu),
                    memory: format.memory(memory),
                  })
                : t("course.summary.defaults")}
              <small>{t("course.summary.noStudents")}</small>
            </dd>
          </>
        )}
        <dt>{t("course.summary.ports")}</dt>
        <dd>
          {ports.length > 0
            ? ports.map((port) => `${port.title} (${port.number})`).join(", ")
            : t("app.none")}
        </dd>
        <dt>{t("course.summary.keeps")}</dt>
        <dd>{saves ? t("course.summary.keepsYes", { path }) : t("course.summary.keepsNo")}</dd>
      </dl>
    </Section>
  )
}

/** The default is known only when the saved Course uses it. */
function defaultOf(course: Course, what: "cpu" | "memory"): number | null {
  if (what === "cpu") return course.resources?.cpu == null ? course.effective_cpu : null
  return course.resources?.memory_mib == null ? course.effective_memory_mib : null
}
