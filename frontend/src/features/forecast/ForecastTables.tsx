/** The tables behind the picture: sessions, and machines over time. */
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { Forecast, ForecastPoint, ForecastSession, UsageSample } from "@/api/types"
import { useFormat } from "@/lib/format"
import { EmptyState } from "@/ui/feedback/EmptyState"
import { Status } from "@/ui/feedback/Status"
import { type Column, DataTable } from "@/ui/list/DataTable"
import table from "@/ui/list/table.module.css"
import styles from "./forecast.module.css"

type SessionProps = { forecast: Forecast; selected: string | null }

export function SessionTable({ forecast, selected }: SessionProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = new Date(forecast.now)
  const columns: Column<ForecastSession>[] = [
    {
      id: "course",
      header: t("forecast.column.course"),
      cell: (session) => (
        <div
          id={`forecast-${session.id}`}
          tabIndex={-1}
          className={session.id === selected ? styles.selected : undefined}
        >
          <strong>
            {session.may_open ? (
              <Link
                to="/dashboard/courses/$courseId/sessions"
                params={{ courseId: session.course_id }}
                search={{ session: session.id }}
              >
                {session.course_title}
              </Link>
            ) : (
              session.course_title
            )}
          </strong>
          <div className={table.under}>{session.title}</div>
        </div>
      ),
    },
    {
      id: "when",
      header: t("forecast.column.when"),
      labelled: true,
      cell: ({ starts_at, ends_at }) => format.range(new Date(starts_at), new Date(ends_at), now),
    },
    {
      id: "students",
      header: t("forecast.column.students"),
      labelled: true,
      cell: ({ students }) => format.number(students),
    },
    {
      id: "room",
      header: t("forecast.column.room"),
      labelled: true,
      cell: ({ capacity }) => (
        <Status tone={capacity === "reserved" ? "ok" : capacity === "refused" ? "bad" : "warn"}>
          {t(`forecast.room.${capacity}`)}
        </Status>
      ),
    },
  ]
  return (
    <DataTable
      caption={t("forecast.sessions")}
      columns={columns}
      rows={forecast.sessions}
      rowKey={(session) => session.id}
      empty={<EmptyState title={t("forecast.noSessions")} />}
    />
  )
}

type Stretch = ForecastPoint & { used?: UsageSample }

export function PointTable({ forecast }: { forecast: Forecast }) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = new Date(forecast.now)
  const stretches = stretchesOf(forecast)
  const number = (id: "environments" | "needed" | "machines" | "waiting"): Column<Stretch> => ({
    id,
    header: t(`forecast.column.${id}`),
    labelled: true,
    cell: (stretch) => format.number(stretch[id]),
  })
  const columns: Column<Stretch>[] = [
    {
      id: "when",
      header: t("forecast.column.when"),
      cell: ({ starts_at, ends_at }) => format.range(new Date(starts_at), new Date(ends_at), now),
    },
    number("environments"),
    number("needed"),
    number("machines"),
    number("waiting"),
    {
      id: "used",
      header: t("forecast.column.used"),
      labelled: true,
      cell: ({ used }) =>
        used ? t("forecast.used", { machines: used.used_machines, count: used.environments }) : "–",
    },
    {
      id: "why",
      header: t("forecast.column.why"),
      kind: "short",
      labelled: true,
      cell: ({ reasons }) =>
        reasons.map((reason) => <div key={reason}>{t(`forecast.reason.${reason}`)}</div>),
    },
  ]
  return (
    <DataTable
      caption={t("forecast.table")}
      columns={columns}
      rows={stretches}
      rowKey={(stretch) => stretch.starts_at}
      empty={<EmptyState title={t("forecast.noDemand")} />}
    />
  )
}

/** Stretches in which something is due or was used, each with its fullest sample. */
function stretchesOf({ points, samples }: Forecast): Stretch[] {
  return points
    .map((point) => {
      const within = samples.filter(({ at }) => point.starts_at <= at && at < point.ends_at)
      const used = within.reduce<UsageSample | undefined>(
        (most, sample) => (most && most.used_machines >= sample.used_machines ? most : sample),
        undefined,
      )
      return { ...point, used }
    })
    .filter(({ environments, used }) => environments > 0 || (used?.environments ?? 0) > 0)
}
