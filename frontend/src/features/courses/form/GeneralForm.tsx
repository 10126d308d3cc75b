/** What people read of a Course, and its status. */
import { Select, Textarea, TextInput } from "@mantine/core"
import { useForm } from "@mantine/form"
import { useTranslation } from "react-i18next"
import type { Course, CourseStatus } from "@/api/types"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { useFieldProblemText } from "@/ui/feedback/problemText"
import { ErrorSummary } from "@/ui/form/ErrorSummary"
import { fieldId } from "@/ui/form/fieldId"
import { LeaveGuard } from "@/ui/form/LeaveGuard"
import { SaveBar } from "@/ui/form/SaveBar"
import { fieldErrors } from "@/ui/form/serverErrors"
import { Section } from "@/ui/page/Section"
import { draftOf, STATUSES, useSaveCourse } from "../courses"
import styles from "../courses.module.css"
import { CourseConflict } from "./CourseConflict"
import { useCourseEdit } from "./useCourseEdit"

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
  const text = useFieldProblemText()
  const save = useSaveCourse(course.id)
  const rules = useGeneralRules()
  const form = useForm({
    mode: "controlled",
    initialValues: valuesOf(course),
    validateInputOnBlur: true,
    validate: {
      ...rules,
      status: (status) =>
        (status === "test" || status === "ready") && !course.build_id && !course.external_image
          ? t("course.invalid.buildNeeded")
          : null,
    },
  })
  const dirty = form.isDirty()
  const edit = useCourseEdit(course, dirty, save, (version) => {
    form.setValues(valuesOf(version))
    form.resetDirty(valuesOf(version))
  })
  const submit = form.onSubmit((values) =>
    edit
      .submit({ ...draftOf(edit.base), ...values })
      .catch((error) => form.setErrors(fieldErrors(error, text))),
  )
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <LeaveGuard dirty={dirty} />
      <CourseConflict
        edit={edit}
        busy={save.isPending}
        onError={(error) => form.setErrors(fieldErrors(error, text))}
      />
      {form.submitting || save.isError ? (
        <ErrorSummary
          errors={form.errors}
          labels={(path) => t(`course.field.${path as "title"}`)}
        />
      ) : null}
      {save.error && Object.keys(form.errors).length === 0 && <ProblemNotice error={save.error} />}
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
