/** Nobody seems to use the environment: when it stops, and the button that keeps it. */
import { Button } from "@mantine/core"
import { useTranslation } from "react-i18next"
import type { StudentWindow } from "@/api/types"
import { Notice } from "@/ui/feedback/Notice"
import type { useWindowAct } from "../window"

type Props = { window: StudentWindow; now: Date; act: ReturnType<typeof useWindowAct> }

export function IdleNotice({ window, now, act }: Props) {
  const { t } = useTranslation()
  const stops = window.idle_stops_at
  const left = stops ? Math.ceil((new Date(stops).getTime() - now.getTime()) / 60_000) : 0
  // The region exists before its words, so that they are announced.
  return (
    <div role="status" aria-live="polite">
      {stops && (
        <Notice
          tone="warn"
          title={left <= 1 ? t("window.idleStopsNow") : t("window.idleStops", { count: left })}
          action={
            <Button
              size="sm"
              loading={act.isPending && act.verb === "keep"}
              onClick={() => act.mutate("keep")}
            >
              {t("window.idleKeep")}
            </Button>
          }
        >
          {t("window.idleText")}{" "}
          {window.course.saves_work ? t("window.endingKept") : t("window.endingLost")}
        </Notice>
      )}
    </div>
  )
}
