/** A new Image: a name first; the Dockerfile that comes with it already builds. */
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
import { NEW_IMAGE, useSaveImage } from "./images"
import styles from "./images.module.css"

export function NewImage() {
  const { t } = useTranslation()
  const text = useFieldProblemText()
  const navigate = useNavigate()
  const create = useSaveImage(null)
  const form = useForm({
    mode: "controlled",
    initialValues: { title: "", description: "" },
    validateInputOnBlur: true,
    validate: { title: (title) => (title.trim() ? null : t("image.invalid.title")) },
  })
  const submit = form.onSubmit((values) =>
    create.mutate(
      { ...NEW_IMAGE, ...values },
      {
        onSuccess: (image) =>
          void navigate({
            to: "/dashboard/images/$imageId",
            params: { imageId: image.id },
            search: { section: "dockerfile" },
          }),
        onError: (error) => form.setErrors(fieldErrors(error, text)),
      },
    ),
  )
  return (
    <>
      <PageHeader title={t("image.newTitle")}>{t("image.newText")}</PageHeader>
      <form className={styles.form} onSubmit={submit} noValidate>
        {create.error && Object.keys(form.errors).length === 0 && (
          <ProblemNotice error={create.error} />
        )}
        <Section title={t("image.section.general")}>
          <TextInput
            id={fieldId("title")}
            label={t("image.field.title")}
            required
            maxLength={120}
            {...form.getInputProps("title")}
          />
          <Textarea
            id={fieldId("description")}
            label={t("image.field.description")}
            description={t("image.field.descriptionHelp")}
            autosize
            minRows={3}
            maxLength={2000}
            {...form.getInputProps("description")}
          />
        </Section>
        <Group justify="flex-end" gap="sm">
          <Button component={Link} to="/dashboard/images" variant="default">
            {t("app.cancel")}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t("image.create")}
          </Button>
        </Group>
      </form>
    </>
  )
}
