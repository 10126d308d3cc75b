/** What people read of a Course, and its status. */
import { Select, Textarea, TextInput } from "@mantine/core"
import { useTranslation } from "react-i18next"
import type { Course, CourseStatus } from "@/api/types"
import { fieldId } from "@/ui/form/fieldId"
import { SaveBar } from "@/ui/form/SaveBar"
import { Section } from "@/ui/page/Section"
import { STATUSES } from "../courses"
import styles from "../courses.module.css"
import { CourseFormProblems, useCourseForm } from "./useCourseForm"

export function useGeneralRules() {
  const { t } = useTranslation()
  return {
    title: (title: string) =>
      title.trim().length === 0
        ? t("course.invalid.title")
        : title.length > 120
          ? t("course.invalid.titleLong")
          : null,
    description: (text: string) =>
      text.length > 2000 ? t("course.invalid.descriptionLong") : null,
  }
}

export function GeneralForm({ course }: { course: Course }) {
  const { t } = useTranslation()
  const rules = useGeneralRules()
  const { form, save, dirty, submit, guards } = useCourseForm(course, {
    valuesOf,
    validate: {
      ...rules,
      status: (status: CourseStatus) =>
        (status === "test" || status === "ready") && !course.build_id && !course.external_image
          ? t("course.invalid.buildNeeded")
          : null,
    },
    changes: (values) => values,
  })
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {guards}
      <CourseFormProblems
        save={save}
        errors={form.errors}
        labels={(path) => t(`course.field.${path as "title"}`)}
      />
      <Section title={t("course.form.generalTitle")} text={t("course.form.generalText")}>
        <TextInput
          id={fieldId("title")}
          label={t("course.field.title")}
          description={t("course.field.titleHelp")}
          required
          maxLength={120}
          {...form.getInputProps("title")}
        />
        <Textarea
          id={fieldId("description")}
          label={t("course.field.description")}
          description={t("course.field.descriptionHelp")}
          autosize
          minRows={3}
          {...form.getInputProps("description")}
        />
        <Select
          id={fieldId("status")}
          label={t("course.field.status")}
          description={t(`course.statusHelp.${form.values.status}`)}
          data={STATUSES.map((status) => ({ value: status, label: t(`course.status.${status}`) }))}
          allowDeselect={false}
          maw={320}
          {...form.getInputProps("status")}
        />
      </Section>
      <SaveBar dirty={dirty} saving={save.isPending} saved={save.isSuccess} />
    </form>
  )
}

function valuesOf(course: Course) {
  return {
    title: course.title,
    description: course.description ?? "",
    status: course.status ?? ("draft" as CourseStatus),
  }
}
