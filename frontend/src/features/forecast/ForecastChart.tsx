/** The picture of a forecast: bands of Courses, machines planned, the maximum, and real use. */
import { useRef } from "react"
import { useTranslation } from "react-i18next"
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts"
import type { Forecast } from "@/api/types"
import { useFormat } from "@/lib/format"
import { bandsOf, MOST_BANDS, marksOf, OTHERS, type Row, rowsOf, sessionAt } from "./chartData"
import type { Span } from "./forecast"
import styles from "./forecast.module.css"

type Props = { forecast: Forecast; span: Span; onSession: (id: string) => void }

const LINES = ["planned", "most", "used"] as const
const DASHES: Record<string, string | undefined> = { most: "6 4" }

export default function ForecastChart({ forecast, span, onSession }: Props) {
  const { t } = useTranslation()
  const pointed = useRef(0)
  const bands = bandsOf(forecast, t("forecast.others"))
  const rows = rowsOf(forecast, bands)
  const ticks = useTicks(span)
  const names = new Map(bands.map(({ id, title }) => [id, title]))
  const open = (courseId: string) => {
    const session = sessionAt(forecast, courseId, pointed.current)
    if (session) onSession(session.id)
  }
  const lines = forecast.samples.length > 0 ? LINES : LINES.slice(0, 2)
  return (
    <figure className={styles.figure} aria-label={t("forecast.picture")}>
      <div className={styles.chart} aria-hidden>
        <ResponsiveContainer width="100%" height="100%">
          <ComposedChart
            data={rows}
            accessibilityLayer={false}
            margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
            onMouseMove={({ activeLabel }) => {
              pointed.current = Number(activeLabel ?? 0)
            }}
          >
            <CartesianGrid vertical={false} />
            <XAxis
              dataKey="at"
              type="number"
              scale="time"
              domain={["dataMin", "dataMax"]}
              ticks={marksOf(forecast, span)}
              tickFormatter={ticks}
              minTickGap={32}
            />
            <YAxis allowDecimals={false} width={36} />
            <Tooltip content={<Reading names={names} />} isAnimationActive={false} />
            {bands.map(({ id }, index) => (
              <Area
                key={id}
                className={styles.band}
                type="stepAfter"
                stackId="demand"
                dataKey={(row: Row) => row.bands[id] ?? 0}
                name={id}
                stroke={colourOf(id, index)}
                fill={colourOf(id, index)}
                isAnimationActive={false}
                onClick={() => open(id)}
              />
            ))}
            {lines.map((line) => (
              <Line
                key={line}
                type={line === "used" ? "linear" : "stepAfter"}
                dataKey={line}
                name={line}
                stroke={`var(--line-${line})`}
                strokeDasharray={DASHES[line]}
                strokeWidth={2}
                dot={false}
                activeDot={false}
                connectNulls={line === "used"}
                isAnimationActive={false}
              />
            ))}
            <ReferenceLine x={new Date(forecast.now).getTime()} stroke="var(--line-now)" />
          </ComposedChart>
        </ResponsiveContainer>
      </div>
      <figcaption className={styles.legend}>
        {bands.map(({ id, title }, index) => (
          <span key={id}>
            <i style={{ background: colourOf(id, index) }} aria-hidden />
            {title}
          </span>
        ))}
        {lines.map((line) => (
          <span key={line}>
            <i data-line={line} aria-hidden />
            {t(`forecast.line.${line}`)}
          </span>
        ))}
      </figcaption>
    </figure>
  )
}

/** Other courses are grey, however many have a band of their own. */
const colourOf = (id: string, index: number) => `var(--band-${id === OTHERS ? MOST_BANDS : index})`

function useTicks(span: Span) {
  const { i18n } = useTranslation()
  const options: Intl.DateTimeFormatOptions =
    span === "day"
      ? { hour: "2-digit", minute: "2-digit" }
      : { weekday: span === "week" ? "short" : undefined, day: "numeric", month: "short" }
  const format = new Intl.DateTimeFormat(i18n.language === "fr" ? "fr-FR" : "en-GB", options)
  return (at: number) => format.format(at)
}

type ReadingProps = {
  names: Map<string, string>
  active?: boolean
  label?: number
  payload?: { name?: string; value?: number }[]
}

/** What the pointer is at. */
function Reading({ names, active, label, payload = [] }: ReadingProps) {
  const { t } = useTranslation()
  const format = useFormat()
  if (!active || label === undefined) return null
  const nameOf = (name = "") =>
    names.get(name) ?? t(`forecast.line.${name as (typeof LINES)[number]}`)
  return (
    <div className={styles.reading}>
      <strong>{format.moment(new Date(label), new Date())}</strong>
      {payload
        .filter(({ value }) => value)
        .map(({ name, value = 0 }) => (
          <div key={name}>
            {nameOf(name)} <span>{format.number(value)}</span>
          </div>
        ))}
    </div>
  )
}
