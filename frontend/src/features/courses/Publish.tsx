/** How a Course gets into the LMS. */
import { useTranslation } from "react-i18next"
import type { Course } from "@/api/types"
import { Notice } from "@/ui/feedback/Notice"
import { Section } from "@/ui/page/Section"
import styles from "./courses.module.css"

export function Publish({ course }: { course: Course }) {
  const { t } = useTranslation()
  const placed = course.placed_links
  return (
    <div className={styles.form}>
      {course.status !== "ready" && <Notice tone="warn">{t("course.publish.notReady")}</Notice>}
      <Section title={t("course.publish.title")} text={t("course.publish.text")}>
        <ol className={styles.steps}>
          <li>{t("course.publish.step1")}</li>
          <li>{t("course.publish.step2")}</li>
          <li>{t("course.publish.step3", { title: course.title })}</li>
          <li>{t("course.publish.step4")}</li>
        </ol>
        <Notice tone={placed > 0 ? "ok" : "info"}>
          {t("course.publish.placed", { count: placed })}
        </Notice>
      </Section>
    </div>
  )
}
