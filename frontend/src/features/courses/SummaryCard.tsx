/** What the choices of a Course amount to: "30 × 2 CPU = 60 CPU". */
import { useTranslation } from "react-i18next"
import type { Course, Pool, Port } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Section } from "@/ui/page/Section"
import styles from "./courses.module.css"
import type { ResourceValues } from "./form/ResourceFields"

type Props = {
  course: Course
  /** What a form holds before it is saved. */
  now?: {
    pool: Pool
    resources: ResourceValues
    ports: Port[]
    saves: boolean
    path: string
  }
}

export function SummaryCard({ course, now }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const students = course.sessions.most_students
  const pool = now?.pool ?? course.pool
  const asked = now?.resources ?? course.resources
  const cpu = asked?.cpu ?? pool.default_cpu ?? 1
  const memory = asked?.memory_mib ?? pool.default_memory_mib ?? 0
  const gpus = asked?.gpu ?? pool.default_gpu ?? 0
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
            <dt>{t("course.summary.cpu")}</dt>
            <dd>
              {t("course.summary.cpu_value", {
                students,
                each: format.number(cpu),
                total: format.number(students * cpu),
              })}
            </dd>
            <dt>{t("course.summary.memory")}</dt>
            <dd>
              {t("course.summary.memory_value", {
                students,
                each: format.memory(memory),
                total: format.memory(students * memory),
              })}
            </dd>
            {gpus > 0 && (
              <>
                <dt>{t("resources.summaryGpus")}</dt>
                <dd>
                  {t("resources.summaryGpusValue", {
                    students,
                    each: gpus,
                    total: students * gpus,
                  })}{" "}
                  {pool.gpu_kind}
                </dd>
              </>
            )}
          </>
        ) : (
          <>
            <dt>{t("course.form.resourcesTitle")}</dt>
            <dd>
              {t("course.summary.each", {
                cpu: format.number(cpu),
                memory: format.memory(memory),
              })}
              {gpus > 0 && `, ${gpus} ${pool.gpu_kind}`}
              <small>{t("course.summary.noStudents")}</small>
            </dd>
          </>
        )}
        <dt>{t("reach.title")}</dt>
        <dd>{t(`reach.word.${pool.egress}`)}</dd>
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
