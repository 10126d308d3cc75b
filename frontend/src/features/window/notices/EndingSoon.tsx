/** Before an end: how long, what is kept, and the button that moves it. */
import { Button } from "@mantine/core"
import { IconClockPlus } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import type { StudentWindow } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Notice } from "@/ui/feedback/Notice"
import { minutesLeft } from "../describe"
import type { useWindowAct } from "../window"
import styles from "../window.module.css"
import { useAlarm } from "./useAlarm"

type Props = {
  window: StudentWindow
  now: Date
  offset: number
  act: ReturnType<typeof useWindowAct>
}

export function EndingSoon({ window, now, offset, act }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const alarm = useAlarm(window, offset)
  const minutes = minutesLeft(window, now)
  const keeps = window.course.saves_work
  const renewed = act.verb === "renew" && act.isSuccess && minutes === null && window.ends_at
  // The region exists before its words, so that they are announced.
  return (
    <>
      <div role="status" aria-live="polite">
        {minutes !== null && (
          <Notice
            tone="warn"
            title={
              minutes <= 1 ? t("window.endingNow") : t("window.endingSoon", { count: minutes })
            }
            action={<Extend window={window} act={act} />}
          >
            {keeps ? t("window.endingKept") : t("window.endingLost")}
          </Notice>
        )}
        {renewed && (
          <Notice tone="ok" title={t("lease.extended", { time: format.time(new Date(renewed)) })} />
        )}
      </div>
      {alarm.mayAsk && (
        <div className={styles.ask}>
          <span>{t("lease.ask")}</span>
          <Button size="compact-sm" variant="default" onClick={() => alarm.answer(true)}>
            {t("lease.askYes")}
          </Button>
          <Button size="compact-sm" variant="subtle" onClick={() => alarm.answer(false)}>
            {t("lease.askNo")}
          </Button>
        </div>
      )}
    </>
  )
}

export function Extend({ window, act }: Pick<Props, "window" | "act">) {
  const { t } = useTranslation()
  const format = useFormat()
  const until = window.lease.renewable_until
  if (!window.can.includes("renew") || !until) return null
  return (
    <Button
      variant="default"
      size="sm"
      leftSection={<IconClockPlus size={17} aria-hidden />}
      loading={act.isPending && act.verb === "renew"}
      title={t("lease.extendBy", { time: format.time(new Date(until)) })}
      onClick={() => act.mutate("renew")}
    >
      {t("lease.extend")}
    </Button>
  )
}
