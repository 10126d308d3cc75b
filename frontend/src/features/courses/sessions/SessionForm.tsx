/** The form of a session, in a dialog. */
import { Button, Group, Modal, NumberInput, Stack, Switch, TextInput } from "@mantine/core"
import { useForm } from "@mantine/form"
import { type ReactNode, useState } from "react"
import { useTranslation } from "react-i18next"
import type { SessionDraft } from "@/api/types"
import { type Format, useFormat } from "@/lib/format"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { useFieldProblemText } from "@/ui/feedback/problemText"
import { MomentField } from "@/ui/fields/moment/MomentField"
import { fieldId } from "@/ui/form/fieldId"
import { fieldErrors } from "@/ui/form/serverErrors"
import { Fields } from "@/ui/page/Section"
import { CapacityNotice, type Slot } from "./CapacityNotice"
import { useCapacityCheck } from "./capacityCheck"
import { RepeatFields } from "./RepeatFields"
import { draftsOf, ONCE } from "./repeat"
import type { SessionValues } from "./sessionDraft"
import { fromLocal, LONGEST_DAYS, toLocal } from "./sessionTimes"

type Props = {
  courseId: string
  /** The session that is changed; none while one is planned. */
  sessionId?: string
  title: string
  values: SessionValues
  error: unknown
  busy: boolean
  /** Another dialog is in front of it. */
  behind?: boolean
  /** Rejects with the server's refusal. */
  onSubmit: (drafts: SessionDraft[]) => Promise<unknown>
  onClose: () => void
}

export function SessionForm(props: Props) {
  const { title, values, error, busy, behind, onSubmit, onClose } = props
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
  const [repeat, setRepeat] = useState(ONCE)
  const drafts = draftsOf(form.values, repeat)
  const submit = form.onSubmit((written) =>
    onSubmit(draftsOf(written, repeat)).catch((refusal) => {
      // The order of the two is a rule of the whole: it is shown at the end.
      const { "": whole, ...fields } = ofTheSession(fieldErrors(refusal, text))
      form.setErrors(whole ? { ...fields, ends_at: whole } : fields)
    }),
  )
  const checked = useCapacityCheck(props.courseId, form.values, props.sessionId)
  const take = (slot: Slot) =>
    form.setValues({
      starts_at: toLocal(new Date(slot.starts_at)),
      ends_at: toLocal(new Date(slot.ends_at)),
    })
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
            <MomentField
              id={fieldId("session.starts_at")}
              label={t("session.field.starts")}
              required
              {...form.getInputProps("starts_at")}
            />
            <MomentField
              id={fieldId("session.ends_at")}
              label={t("session.field.ends")}
              required
              {...form.getInputProps("ends_at")}
            />
          </Fields>
          <small>{t("session.zone", { zone: zoneOf(form.values, format) })}</small>
          <CapacityNotice {...checked} startsAt={fromLocal(form.values.starts_at)} onTake={take} />
          {!props.sessionId && (
            <RepeatFields starts={form.values.starts_at} repeat={repeat} onChange={setRepeat} />
          )}
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
            <Button type="submit" loading={busy} disabled={repeat.weeks > 1 && drafts.length === 0}>
              {repeat.weeks > 1
                ? t("session.repeat.save", { count: drafts.length })
                : checked.check?.verdict === "impossible"
                  ? t("capacity.saveAndAsk")
                  : t("app.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** Of several sessions the same field is wrong in each: `items.3.students` is `students`. */
function ofTheSession(errors: Record<string, ReactNode>): Record<string, ReactNode> {
  const named = Object.entries(errors).map(([path, error]) => [
    path.replace(/^items\.\d+\.?/, ""),
    error,
  ])
  return Object.fromEntries(named)
}

/** As it is at the session: in November, a session in June is in summer time. */
function zoneOf({ starts_at, ends_at }: SessionValues, format: Format): string {
  const [starts, ends] = [fromLocal(starts_at), fromLocal(ends_at)]
  if (Number.isNaN(starts.getTime())) return format.zone()
  return format.zone(starts, Number.isNaN(ends.getTime()) ? starts : ends)
}
