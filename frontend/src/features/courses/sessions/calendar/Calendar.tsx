/** The sessions of a week or a month, all courses together. */
import { Button, Group, SegmentedControl } from "@mantine/core"
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { api } from "@/api/client"
import { useFormat } from "@/lib/format"
import { Notice } from "@/ui/feedback/Notice"
import { PageHeader } from "@/ui/page/PageHeader"
import { addDays, toLocal } from "../sessionTimes"
import { daysOf, step, VIEWS, type View } from "./days"
import { Month } from "./Month"
import { Week } from "./Week"

export function sessionsIn(view: View, at: Date) {
  const days = daysOf(view, at)
  const [first, last] = [days[0] ?? at, days.at(-1) ?? at]
  return api.queryOptions("get", "/api/sessions", {
    params: {
      query: {
        from: first.toISOString(),
        to: addDays(last, 1).toISOString(),
        page_size: 200,
      },
    },
  })
}

type Props = {
  view: View
  /** A day of the week or month. */
  at: Date
  /** `day`: none is today. */
  onShow: (view: View, day: string | undefined) => void
}

export function Calendar({ view, at, onShow }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data } = useSuspenseQuery(sessionsIn(view, at))
  const days = daysOf(view, at)
  const [first, last] = [days[0] ?? at, days.at(-1) ?? at]
  const dayOf = (day: Date) => toLocal(day).slice(0, 10)
  const go = (by: 1 | -1) => onShow(view, dayOf(step(view, at, by)))
  const today = new Date()
  const isNow = daysOf(view, today)[0]?.getTime() === first.getTime()
  return (
    <>
      <PageHeader
        title={t("session.calendarTitle")}
        action={
          <Group gap="xs">
            <SegmentedControl
              aria-label={t("session.view")}
              value={view}
              data={VIEWS.map((value) => ({ value, label: t(`session.views.${value}`) }))}
              onChange={(value) => onShow(value, dayOf(isNow ? today : at))}
            />
            <Button
              variant="default"
              aria-label={t(`session.previous.${view}`)}
              onClick={() => go(-1)}
            >
              <IconChevronLeft size={18} aria-hidden />
            </Button>
            <Button variant="default" disabled={isNow} onClick={() => onShow(view, undefined)}>
              {t(`session.now.${view}`)}
            </Button>
            <Button variant="default" aria-label={t(`session.next.${view}`)} onClick={() => go(1)}>
              <IconChevronRight size={18} aria-hidden />
            </Button>
          </Group>
        }
      >
        <span role="status">
          {view === "week" ? t("session.week", { date: format.date(first) }) : format.monthOf(at)}
        </span>
        <span>{t("session.zone", { zone: format.zone(first, addDays(last, 1)) })}</span>
      </PageHeader>
      {data.items.length < data.total && (
        <Notice tone="warn">
          {t("session.notAll", { shown: data.items.length, total: data.total })}
        </Notice>
      )}
      {data.items.length === 0 && <p role="status">{t(`session.none.${view}`)}</p>}
      {view === "week" ? (
        <Week days={days} sessions={data.items} />
      ) : (
        <Month days={days} month={at.getMonth()} sessions={data.items} />
      )}
    </>
  )
}
