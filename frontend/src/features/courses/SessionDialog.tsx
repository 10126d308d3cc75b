/** Planning one session. */
import { Button, Group, Modal, NumberInput, Stack, Switch, TextInput } from "@mantine/core"
import { useForm } from "@mantine/form"
import { useTranslation } from "react-i18next"
import type { Course, CourseSession } from "@/api/types"
import { useFormat } from "@/lib/format"
import { fieldId } from "@/ui/fieldId"
import { ProblemNotice } from "@/ui/ProblemNotice"
import { useFieldProblemText } from "@/ui/problemText"
import { Fields } from "@/ui/Section"
import { fieldErrors } from "@/ui/serverErrors"
import { useSaveSession } from "./courses"
import { fromLocal, LONGEST_DAYS, nextSlot, toLocal } from "./sessionTimes"

type Props = { course: Course; session: CourseSession | null; onClose: () => void }

export function SessionDialog({ course, session, onClose }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const text = useFieldProblemText()
  const save = useSaveSession(course.id, session?.id ?? null)
  const form = useForm({
    mode: "controlled",
    initialValues: initial(course, session),
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
  const submit = form.onSubmit((values) =>
    save.mutate(
      {
        ...values,
        students: Number(values.students),
        starts_at: fromLocal(values.starts_at).toISOString(),
        ends_at: fromLocal(values.ends_at).toISOString(),
      },
      {
        onSuccess: onClose,
        onError: (error) => {
          // The order of the two is a rule of the whole: it is shown at the end.
          const { "": whole, ...fields } = fieldErrors(error, text)
          form.setErrors(whole ? { ...fields, ends_at: whole } : fields)
        },
      },
    ),
  )
  return (
    <Modal
      opened
      onClose={onClose}
      title={session ? t("session.editTitle") : t("session.addTitle")}
      closeButtonProps={{ "aria-label": t("app.close") }}
      size="lg"
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {save.error && Object.keys(form.errors).length === 0 && (
            <ProblemNotice error={save.error} />
          )}
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
            <Button type="submit" loading={save.isPending}>
              {t("app.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function initial(course: Course, session: CourseSession | null) {
  const slot = nextSlot(new Date())
  return {
    title: session?.title ?? "",
    students: (session?.students ?? course.sessions.last_students ?? 30) as number | string,
    starts_at: toLocal(session ? new Date(session.starts_at) : slot.starts),
    ends_at: toLocal(session ? new Date(session.ends_at) : slot.ends),
    block_before_start: session?.block_before_start ?? true,
    automatic_stop: session?.automatic_stop ?? true,
  }
}
