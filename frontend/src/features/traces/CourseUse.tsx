/** Who used a Course, when and for how long: a picture, its table, and a file. */
import { Button, SegmentedControl, Stack } from "@mantine/core"
import { IconDownload } from "@tabler/icons-react"
import { keepPreviousData, useMutation, useQuery, useSuspenseQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import {
  Bar,
  CartesianGrid,
  ComposedChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts"
import type { CourseUseRun } from "@/api/types"
import { useFormat } from "@/lib/format"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { type Column, DataTable } from "@/ui/list/DataTable"
import { Section } from "@/ui/page/Section"
import { allRuns, courseRuns, courseUse, csvOf, PAGE_SIZE, SPANS, type Span } from "./traces"

type Props = {
  courseId: string
  title: string
  span: Span
  page: number
  onSpan: (span: Span) => void
  onPage: (page: number) => void
}

export default function CourseUse({ courseId, title, span, page, onSpan, onPage }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data: use } = useSuspenseQuery(courseUse(courseId, span))
  const runs = useQuery({ ...courseRuns(courseId, span, page), placeholderData: keepPreviousData })
  const columns = useColumns()
  const save = useMutation({
    mutationFn: async () => {
      const head = columns.map(({ header }) => String(header))
      head.splice(1, 0, t("traces.email"))
      download(csvOf(head, await allRuns(courseId, span)), `${title}.csv`)
    },
  })
  const day = (at: number) => format.weekday(new Date(at))
  const points = use.days.map(({ at, ...facts }) => ({ at: new Date(at).getTime(), ...facts }))
  const summary = t("traces.summary", {
    count: use.people,
    hours: format.number(Math.round(use.hours * 10) / 10),
  })
  return (
    <Stack gap="md">
      <Section
        title={t("traces.title")}
        text={summary}
        action={
          <SegmentedControl
            aria-label={t("traces.span")}
            data={SPANS.map((days) => ({
              value: String(days),
              label: t("traces.days", { count: days }),
            }))}
            value={String(span)}
            onChange={(value) => onSpan(SPANS.find((days) => String(days) === value) ?? 30)}
          />
        }
      >
        <figure style={{ margin: 0 }} aria-label={t("traces.picture", { summary })}>
          <div style={{ height: 240 }} aria-hidden>
            <ResponsiveContainer width="100%" height="100%">
              <ComposedChart data={points} accessibilityLayer={false}>
                <CartesianGrid vertical={false} />
                <XAxis dataKey="at" tickFormatter={day} minTickGap={32} />
                <YAxis allowDecimals={false} width={36} />
                <Tooltip
                  isAnimationActive={false}
                  labelFormatter={(at) => day(Number(at))}
                  formatter={(value) => format.number(Number(value))}
                />
                <Bar
                  dataKey="people"
                  name={t("traces.people")}
                  fill="var(--md-accent)"
                  isAnimationActive={false}
                />
              </ComposedChart>
            </ResponsiveContainer>
          </div>
        </figure>
      </Section>
      <Section
        title={t("traces.runs")}
        text={t("traces.runsText")}
        action={
          <Button
            variant="default"
            size="sm"
            leftSection={<IconDownload size={16} aria-hidden />}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            {t("traces.csv")}
          </Button>
        }
      >
        <ProblemNotice error={save.error ?? runs.error} />
        {runs.data?.total === 0 ? (
          <p>{t("traces.none")}</p>
        ) : (
          <DataTable
            caption={t("traces.runs")}
            columns={columns}
            rows={runs.data?.items ?? []}
            rowKey={(run) => run.key}
            paging={{ page, pageSize: PAGE_SIZE, total: runs.data?.total ?? 0, onPage }}
          />
        )}
      </Section>
    </Stack>
  )
}

function useColumns(): Column<CourseUseRun>[] {
  const { t } = useTranslation()
  const format = useFormat()
  return [
    { id: "name", header: t("traces.name"), cell: (run) => run.name },
    {
      id: "began",
      header: t("traces.began"),
      cell: (run) => format.dateTime(new Date(run.began_at)),
    },
    {
      id: "ended",
      header: t("traces.ended"),
      cell: (run) => (run.ended_at ? format.dateTime(new Date(run.ended_at)) : t("traces.now")),
    },
    { id: "minutes", header: t("traces.minutes"), cell: (run) => format.number(run.minutes) },
  ]
}

function download(text: string, name: string): void {
  // Spreadsheets read UTF-8 where the file begins with its mark.
  const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }))
  const link = document.createElement("a")
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
