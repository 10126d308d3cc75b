/** Demand of sessions against the machines of a pool, over a day, a week or four weeks.
 *
 * Operators see all of it and decide about requests for room; teachers see their Courses beside the
 * sum of all others.
 */
import { Button, Group, SegmentedControl, Stack, Text } from "@mantine/core"
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { lazy, type ReactNode, Suspense, useState } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "@/lib/format"
import { Patience } from "@/ui/feedback/Patience"
import { FilterSelect } from "@/ui/list/FilterSelect"
import { PageHeader } from "@/ui/page/PageHeader"
import { Section } from "@/ui/page/Section"
import { ForecastSummary } from "./ForecastSummary"
import { PointTable, SessionTable } from "./ForecastTables"
import {
  choosablePools,
  forecastOf,
  moved,
  poolsToForecast,
  rangeOf,
  SPANS,
  type Span,
  type View,
} from "./forecast"
import styles from "./forecast.module.css"
import { RequestList } from "./RequestList"

// The charts' library is as large as the rest of the page: only this page loads it.
const ForecastChart = lazy(() => import("./ForecastChart"))

type Props = { view: View; onView: (view: View) => void }
type PoolName = { name: string; title: string }

export function OperatorForecast(props: Props) {
  const { data } = useSuspenseQuery(poolsToForecast())
  return (
    <ForecastPage {...props} pools={data.map(({ pool }) => pool)}>
      <div className={styles.part}>
        <RequestList />
      </div>
    </ForecastPage>
  )
}

export function TeacherForecast(props: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(choosablePools())
  return (
    <ForecastPage {...props} pools={data}>
      <Text size="sm" c="dimmed" mt="sm">
        {t("forecast.ofTeachers")}
      </Text>
    </ForecastPage>
  )
}

type PageProps = Props & { pools: PoolName[]; children: ReactNode }

function ForecastPage({ view, onView, pools, children }: PageProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [now] = useState(() => new Date())
  const { data: forecast } = useSuspenseQuery(forecastOf(view, now))
  const [selected, select] = useState<string | null>(null)
  const span = view.span ?? "week"
  const show = (id: string) => {
    const session = forecast.sessions.find((listed) => listed.id === id)
    if (session?.may_open) {
      void navigate({
        to: "/dashboard/courses/$courseId/sessions",
        params: { courseId: session.course_id },
        search: { session: id },
      })
      return
    }
    select(id)
    document.getElementById(`forecast-${id}`)?.focus()
  }
  return (
    <>
      <PageHeader title={t("forecast.title")}>{t("forecast.text")}</PageHeader>
      <Controls view={view} pools={pools} now={now} onView={onView} />
      <Stack gap="md">
        <ForecastSummary forecast={forecast} />
        <Suspense fallback={<Patience />}>
          <ForecastChart forecast={forecast} span={span} onSession={show} />
        </Suspense>
        <Text size="sm" c="dimmed">
          {t("forecast.how")}
        </Text>
      </Stack>
      {children}
      <div className={styles.part}>
        <Section title={t("forecast.sessions")} text={t("forecast.sessionsText")}>
          <SessionTable forecast={forecast} selected={selected} />
        </Section>
      </div>
      <div className={styles.part}>
        <Section title={t("forecast.table")} text={t("forecast.tableText")}>
          <details>
            <summary>{t("forecast.showTable")}</summary>
            <PointTable forecast={forecast} />
          </details>
        </Section>
      </div>
    </>
  )
}

type ControlProps = Props & { pools: PoolName[]; now: Date }

function Controls({ view, pools, now, onView }: ControlProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { from, to } = rangeOf(view, now)
  const last = new Date(to.getTime() - 1)
  const go = (spans: number) => onView({ ...view, from: moved(view, spans, now) })
  return (
    <Group gap="sm" mb="md" align="center">
      <FilterSelect
        label={t("forecast.pool")}
        choices={pools.map(({ name, title }) => ({ value: name, label: title }))}
        value={view.pool ?? "default"}
        onChoose={(pool) => onView({ ...view, pool })}
      />
      <SegmentedControl
        aria-label={t("forecast.span")}
        data={SPANS.map((span) => ({ value: span, label: t(`forecast.spans.${span}`) }))}
        value={view.span ?? "week"}
        onChange={(span) => onView({ ...view, span: span as Span })}
      />
      <Group gap="xs">
        <Button variant="default" aria-label={t("forecast.before")} onClick={() => go(-1)}>
          <IconChevronLeft size={18} aria-hidden />
        </Button>
        <Button variant="default" onClick={() => onView({ ...view, from: undefined })}>
          {t("forecast.today")}
        </Button>
        <Button variant="default" aria-label={t("forecast.after")} onClick={() => go(1)}>
          <IconChevronRight size={18} aria-hidden />
        </Button>
      </Group>
      <span aria-live="polite">
        {format.day(from, now)}
        {(view.span ?? "week") !== "day" && ` – ${format.day(last, now)}`}
      </span>
    </Group>
  )
}
