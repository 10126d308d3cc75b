/** The first of two steps to a Course: how it is recognised. A draft is saved on the way. */
import { Button, Group, Textarea, TextInput } from "@mantine/core"
import { useForm } from "@mantine/form"
import { Link, useNavigate } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { fieldId } from "@/ui/fieldId"
import { PageHeader } from "@/ui/PageHeader"
import { ProblemNotice } from "@/ui/ProblemNotice"
import { useFieldProblemText } from "@/ui/problemText"
import { Section } from "@/ui/Section"
import { fieldErrors } from "@/ui/serverErrors"
import { newDraft, useCreateCourse } from "./courses"
import styles from "./courses.module.css"
import { useGeneralRules } from "./GeneralForm"
import { WizardSteps } from "./WizardSteps"

export function NewCourse() {
  const { t } = useTranslation()
  const text = useFieldProblemText()
  const navigate = useNavigate()
  const create = useCreateCourse()
  const form = useForm({
    mode: "controlled",
    initialValues: { title: "", description: "" },
    validateInputOnBlur: true,
    validate: useGeneralRules(),
  })
  const submit = form.onSubmit(({ title, description }) =>
    create.mutate(newDraft(title.trim(), description), {
      onSuccess: (course) =>
        void navigate({
          to: "/dashboard/courses/$courseId/technical",
          params: { courseId: course.id },
          search: { wizard: true },
        }),
      onError: (error) => form.setErrors(fieldErrors(error, text)),
    }),
  )
  return (
    <>
      <PageHeader title={t("course.wizard.title")}>{t("course.emptyText")}</PageHeader>
      <WizardSteps current={1} />
      <form className={styles.form} onSubmit={submit} noValidate>
        {create.error && Object.keys(form.errors).length === 0 && (
          <ProblemNotice error={create.error} />
        )}
        <Section title={t("course.wizard.general")} text={t("course.wizard.generalText")}>
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
        </Section>
        <p className={styles.dim}>{t("course.wizard.draftNote")}</p>
        <Group justify="flex-end" gap="sm">
          <Button component={Link} to="/dashboard/courses" variant="default">
            {t("app.cancel")}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t("app.next")}
          </Button>
        </Group>
      </form>
    </>
  )
}
