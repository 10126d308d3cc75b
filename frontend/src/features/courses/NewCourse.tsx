/** The first of two steps to a Course: how it is recognised. A draft is saved on the way. */
import { Button, Group, Textarea, TextInput } from "@mantine/core"
import { useForm } from "@mantine/form"
import { useQuery } from "@tanstack/react-query"
import { Link, useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { CatalogueEntry } from "@/api/types"
import { useEntryTitle } from "@/ui/catalogue/CatalogueCards"
import { EntryChoice } from "@/ui/catalogue/EntryChoice"
import { catalogue, entryDefaults } from "@/ui/catalogue/entries"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { useFieldProblemText } from "@/ui/feedback/problemText"
import { fieldId } from "@/ui/form/fieldId"
import { fieldErrors } from "@/ui/form/serverErrors"
import { PageHeader } from "@/ui/page/PageHeader"
import { Section } from "@/ui/page/Section"
import { newDraft, useCreateCourse } from "./courses"
import styles from "./courses.module.css"
import { useGeneralRules } from "./form/GeneralForm"
import { WizardSteps } from "./WizardSteps"

export function NewCourse() {
  const { t } = useTranslation()
  const text = useFieldProblemText()
  const navigate = useNavigate()
  const create = useCreateCourse()
  const { data: entries } = useQuery(catalogue())
  const textsOf = useEntryTitle()
  const [entry, setEntry] = useState<CatalogueEntry | null>(null)
  const form = useForm({
    mode: "controlled",
    initialValues: { title: "", description: "" },
    validateInputOnBlur: true,
    validate: useGeneralRules(),
  })
  const submit = form.onSubmit(({ title, description }) =>
    create.mutate(
      { ...newDraft(title.trim(), description), ...(entry ? entryDefaults(entry) : {}) },
      {
        onSuccess: (course) =>
          void navigate({
            to: "/dashboard/courses/$courseId/technical",
            params: { courseId: course.id },
            search: { wizard: true },
          }),
        onError: (error) => form.setErrors(fieldErrors(error, text)),
      },
    ),
  )
  /** The entry's own texts, where nobody has written others. */
  const choose = (next: CatalogueEntry | null) => {
    const before = entry ? textsOf(entry) : { title: "", description: "" }
    const after = next ? textsOf(next) : { title: "", description: "" }
    const { title, description } = form.getValues()
    setEntry(next)
    if (title === before.title) form.setFieldValue("title", after.title)
    if (description === before.description) form.setFieldValue("description", after.description)
    form.clearErrors()
  }
  return (
    <>
      <PageHeader title={t("course.wizard.title")}>{t("course.emptyText")}</PageHeader>
      <WizardSteps current={1} />
      <form className={styles.form} onSubmit={submit} noValidate>
        {create.error && Object.keys(form.errors).length === 0 && (
          <ProblemNotice error={create.error} />
        )}
        {entries && entries.length > 0 && (
          <Section title={t("catalogue.chooseTitle")} text={t("catalogue.chooseText")}>
            <EntryChoice entries={entries} chosen={entry?.name ?? null} onChoose={choose} />
          </Section>
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
