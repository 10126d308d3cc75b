/** Demand of sessions against the machines of a pool, over a day, a week or four weeks. */
import { Button, Group, SegmentedControl, Stack, Text } from "@mantine/core"
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { lazy, Suspense, useState } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "@/lib/format"
import { Patience } from "@/ui/feedback/Patience"
import { FilterSelect } from "@/ui/list/FilterSelect"
import { PageHeader } from "@/ui/page/PageHeader"
import { Section } from "@/ui/page/Section"
import { ForecastSummary } from "./ForecastSummary"
import { PointTable, SessionTable } from "./ForecastTables"
import {
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

export function ForecastPage({ view, onView }: Props) {
  const { t } = useTranslation()
  const [now] = useState(() => new Date())
  const { data: forecast } = useSuspenseQuery(forecastOf(view, now))
  const [selected, select] = useState<string | null>(null)
  const span = view.span ?? "week"
  const show = (id: string) => {
    select(id)
    document.getElementById(`forecast-${id}`)?.focus()
  }
  return (
    <>
      <PageHeader title={t("forecast.title")}>{t("forecast.text")}</PageHeader>
      <Controls view={view} now={now} onView={onView} />
      <Stack gap="md">
        <ForecastSummary forecast={forecast} />
        <Suspense fallback={<Patience />}>
          <ForecastChart forecast={forecast} span={span} onSession={show} />
        </Suspense>
        <Text size="sm" c="dimmed">
          {t("forecast.how")}
        </Text>
      </Stack>
      <div className={styles.part}>
        <RequestList />
      </div>
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

type ControlProps = { view: View; now: Date; onView: (view: View) => void }

function Controls({ view, now, onView }: ControlProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data: pools } = useSuspenseQuery(poolsToForecast())
  const { from, to } = rangeOf(view, now)
  const last = new Date(to.getTime() - 1)
  const go = (spans: number) => onView({ ...view, from: moved(view, spans, now) })
  return (
    <Group gap="sm" mb="md" align="center">
      <FilterSelect
        label={t("forecast.pool")}
        choices={pools.map(({ pool }) => ({ value: pool.name, label: pool.title }))}
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
