/** The picture of a dry run: how many students are ready, over time. */
import { useTranslation } from "react-i18next"
import {
  Area,
  CartesianGrid,
  ComposedChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts"
import type { DryRun } from "@/api/types"
import { useFormat } from "@/lib/format"
import { readyOverTime } from "./dryRun"

const MINUTES = 10 * 60_000

export default function DryRunChart({ answer }: { answer: DryRun }) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const points = readyOverTime(answer)
  const begin = points[0]?.at ?? 0
  const isShort = (points.at(-1)?.at ?? 0) - begin < MINUTES
  const clock = new Intl.DateTimeFormat(i18n.language === "fr" ? "fr-FR" : "en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    second: isShort ? "2-digit" : undefined,
  })
  const words = (at: number) => clock.format(at)
  return (
    <figure style={{ margin: 0 }} aria-label={t("dryRun.picture")}>
      <div style={{ height: 240, fontSize: 12 }} aria-hidden>
        <ResponsiveContainer width="100%" height="100%">
          <ComposedChart
            data={points}
            accessibilityLayer={false}
            margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
          >
            <CartesianGrid vertical={false} stroke="var(--mantine-color-default-border)" />
            <XAxis
              dataKey="at"
              type="number"
              scale="time"
              domain={["dataMin", "dataMax"]}
              tickFormatter={words}
              minTickGap={48}
              tick={{ fill: "var(--mantine-color-dimmed)" }}
            />
            <YAxis
              allowDecimals={false}
              width={36}
              domain={[0, answer.students]}
              tick={{ fill: "var(--mantine-color-dimmed)" }}
            />
            <Tooltip
              isAnimationActive={false}
              labelFormatter={(at) => words(Number(at))}
              formatter={(value) => format.number(Number(value))}
              contentStyle={{
                background: "var(--mantine-color-body)",
                border: "1px solid var(--mantine-color-default-border)",
                borderRadius: 8,
              }}
            />
            <Area
              type="stepAfter"
              dataKey="ready"
              name={t("dryRun.line.ready")}
              stroke="var(--md-accent)"
              fill="var(--md-accent)"
              fillOpacity={0.25}
              strokeWidth={2}
              isAnimationActive={false}
            />
            <ReferenceLine
              y={answer.students}
              stroke="var(--mantine-color-dimmed)"
              strokeDasharray="6 4"
            />
          </ComposedChart>
        </ResponsiveContainer>
      </div>
      <figcaption>
        <small>{t("dryRun.line.all", { count: answer.students })}</small>
      </figcaption>
    </figure>
  )
}
