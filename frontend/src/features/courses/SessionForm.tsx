/** The form of a session, in a dialog. */
import { Button, Group, Modal, NumberInput, Stack, Switch, TextInput } from "@mantine/core"
import { useForm } from "@mantine/form"
import { useTranslation } from "react-i18next"
import type { SessionDraft } from "@/api/types"
import { useFormat } from "@/lib/format"
import { fieldId } from "@/ui/fieldId"
import { ProblemNotice } from "@/ui/ProblemNotice"
import { useFieldProblemText } from "@/ui/problemText"
import { Fields } from "@/ui/Section"
import { fieldErrors } from "@/ui/serverErrors"
import { draftOfValues, type SessionValues } from "./sessionDraft"
import { fromLocal, LONGEST_DAYS } from "./sessionTimes"

type Props = {
  title: string
  values: SessionValues
  error: unknown
  busy: boolean
  /** Another dialog is in front of it. */
  behind?: boolean
  /** Rejects with the server's refusal. */
  onSubmit: (draft: SessionDraft) => Promise<unknown>
  onClose: () => void
}

export function SessionForm({ title, values, error, busy, behind, onSubmit, onClose }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const text = useFieldProblemText()
  const form = useForm({
    mode: "controlled",
    initialValues: values,
    validateInputOnBlur: true,
    validate: {
      title: (title) => (title.length > 120 ? t("session.invalid.titleLong") : null),
      students: (students) =>
        Number(students) >= 1 && Number(students) <= 5000 ? null : t("session.invalid.students"),
      starts_at: (starts) => (starts ? null : t("session.invalid.starts")),
      ends_at: (ends, { starts_at: starts }) => {
        if (!ends) return t("session.invalid.ends")
        const days = (fromLocal(ends).getTime() - fromLocal(starts).getTime()) / 86_400_000
        if (days <= 0) return t("session.invalid.order")
        return days >= LONGEST_DAYS ? t("session.invalid.long") : null
      },
    },
  })
  const submit = form.onSubmit((written) =>
    onSubmit(draftOfValues(written)).catch((refusal) => {
      // The order of the two is a rule of the whole: it is shown at the end.
      const { "": whole, ...fields } = fieldErrors(refusal, text)
      form.setErrors(whole ? { ...fields, ends_at: whole } : fields)
    }),
  )
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      closeOnEscape={!behind}
      trapFocus={!behind}
      closeButtonProps={{ "aria-label": t("app.close") }}
      size="lg"
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {!behind && Object.keys(form.errors).length === 0 && <ProblemNotice error={error} />}
          <Fields>
            <TextInput
              id={fieldId("session.title")}
              label={t("session.field.title")}
              description={t("session.field.titleHelp")}
              data-autofocus
              {...form.getInputProps("title")}
            />
            <NumberInput
              id={fieldId("session.students")}
              label={t("session.field.students")}
              description={t("session.field.studentsHelp")}
              required
              allowDecimal={false}
              {...form.getInputProps("students")}
            />
          </Fields>
          <Fields>
            <TextInput
              id={fieldId("session.starts_at")}
              type="datetime-local"
              label={t("session.field.starts")}
              required
              {...form.getInputProps("starts_at")}
            />
            <TextInput
              id={fieldId("session.ends_at")}
              type="datetime-local"
              label={t("session.field.ends")}
              required
              {...form.getInputProps("ends_at")}
            />
          </Fields>
          <small>{t("session.zone", { zone: format.zone(new Date()) })}</small>
          <Switch
            label={t("session.field.block")}
            description={t("session.field.blockHelp")}
            {...form.getInputProps("block_before_start", { type: "checkbox" })}
          />
          <Switch
            label={t("session.field.stop")}
            description={t("session.field.stopHelp")}
            {...form.getInputProps("automatic_stop", { type: "checkbox" })}
          />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("app.cancel")}
            </Button>
            <Button type="submit" loading={busy}>
              {t("app.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
