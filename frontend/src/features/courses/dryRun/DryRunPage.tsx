/** A dry run: so many students at this time; when would each be ready? Nothing is started. */
import { Button, NumberInput, Select, Stack } from "@mantine/core"
import { useForm } from "@mantine/form"
import { IconFlask } from "@tabler/icons-react"
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { Course } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Patience } from "@/ui/feedback/Patience"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { MomentField } from "@/ui/fields/moment/MomentField"
import { fieldId } from "@/ui/form/fieldId"
import { Fields, Section } from "@/ui/page/Section"
import { fromLocal, LONGEST_DAYS, nextSlot, toLocal } from "../sessions/sessionTimes"
import { DryRunResult } from "./DryRunResult"
import { type DryRunSearch, dryRunOf, questionOf, SPREADS } from "./dryRun"

type Props = { course: Course; search: DryRunSearch; onRun: (search: DryRunSearch) => void }

export function DryRunPage({ course, search, onRun }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const question = questionOf(search)
  const { data, error, isFetching } = useQuery({
    ...dryRunOf(course.id, question ?? { students: 1, starts: "", ends: "" }),
    enabled: question !== null,
    placeholderData: keepPreviousData,
  })
  return (
    <Stack gap="md">
      <Section
        title={t("dryRun.title")}
        text={`${t("dryRun.text")} ${t("session.zone", { zone: format.zone() })}`}
        action={
          <Link to="/dashboard/courses/$courseId/sessions" params={{ courseId: course.id }}>
            {t("dryRun.back")}
          </Link>
        }
      >
        {/* Another address fills the form anew. */}
        <DryRunForm
          key={JSON.stringify(search)}
          course={course}
          search={search}
          busy={isFetching}
          onRun={onRun}
        />
      </Section>
      <ProblemNotice error={error} />
      {question && !data && !error && <Patience text={t("dryRun.running")} />}
      {question && data && !error && <DryRunResult answer={data} spread={question.spread ?? 0} />}
    </Stack>
  )
}

type FormProps = Props & { busy: boolean }

function DryRunForm({ course, search, busy, onRun }: FormProps) {
  const { t } = useTranslation()
  const form = useForm({
    mode: "controlled",
    initialValues: valuesOf(course, search),
    validateInputOnBlur: true,
    validate: {
      students: (students) =>
        Number(students) >= 1 && Number(students) <= 5000 ? null : t("session.invalid.students"),
      starts: (starts) => (starts ? null : t("session.invalid.starts")),
      ends: (ends, { starts }) => {
        if (!ends) return t("session.invalid.ends")
        const end = fromLocal(ends).getTime()
        if (end <= Date.now()) return t("dryRun.over")
        const days = (end - fromLocal(starts).getTime()) / 86_400_000
        if (days <= 0) return t("session.invalid.order")
        return days >= LONGEST_DAYS ? t("session.invalid.long") : null
      },
    },
  })
  const submit = form.onSubmit(({ students, starts, ends, spread }) =>
    onRun({
      students: Number(students),
      starts: fromLocal(starts).toISOString(),
      ends: fromLocal(ends).toISOString(),
      spread: Number(spread) || undefined,
      session: search.session,
    }),
  )
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Fields>
          <NumberInput
            id={fieldId("dryRun.students")}
            label={t("session.field.students")}
            description={t("session.field.studentsHelp")}
            required
            allowDecimal={false}
            {...form.getInputProps("students")}
          />
          <Select
            id={fieldId("dryRun.spread")}
            label={t("dryRun.spread")}
            description={t("dryRun.spreadHelp")}
            allowDeselect={false}
            data={[...new Set([...SPREADS, Number(form.values.spread)])].map((minutes) => ({
              value: String(minutes),
              label: minutes ? t("dryRun.within", { count: minutes }) : t("dryRun.together"),
            }))}
            {...form.getInputProps("spread")}
          />
        </Fields>
        <Fields>
          <MomentField
            id={fieldId("dryRun.starts")}
            label={t("session.field.starts")}
            required
            {...form.getInputProps("starts")}
          />
          <MomentField
            id={fieldId("dryRun.ends")}
            label={t("session.field.ends")}
            required
            {...form.getInputProps("ends")}
          />
        </Fields>
        <div>
          <Button type="submit" loading={busy} leftSection={<IconFlask size={17} aria-hidden />}>
            {t("dryRun.run")}
          </Button>
        </div>
      </Stack>
    </form>
  )
}

/** What the address says, else the next session, else the next full hour. */
function valuesOf(course: Course, search: DryRunSearch) {
  const next = course.sessions.next
  const slot = nextSlot(new Date())
  const starts = search.starts ?? next?.starts_at
  const ends = search.ends ?? next?.ends_at
  return {
    students: (search.students ?? next?.students ?? 30) as number | string,
    starts: toLocal(starts ? new Date(starts) : slot.starts),
    ends: toLocal(ends ? new Date(ends) : slot.ends),
    spread: String(search.spread ?? 0),
  }
}
