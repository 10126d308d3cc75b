/** The one block that says how things stand, what comes next, and offers one act. */
import { Button } from "@mantine/core"
import {
  type Icon,
  IconAlertTriangle,
  IconCircleCheck,
  IconClock,
  IconClockPause,
  IconLoader2,
  IconLock,
  IconPlayerPlay,
  IconPlayerStop,
} from "@tabler/icons-react"
import { useRef } from "react"
import { useTranslation } from "react-i18next"
import type { StudentWindow, WindowState } from "@/api/types"
import { useFormat } from "@/lib/format"
import { useFocusKept } from "@/lib/useFocusKept"
import { describe } from "./describe"
import { StartProgress } from "./StartProgress"
import type { useWindowAct } from "./window"
import styles from "./window.module.css"

const ICONS: Record<WindowState, Icon> = {
  not_started: IconPlayerPlay,
  not_open_yet: IconClock,
  closed: IconLock,
  queued: IconClockPause,
  starting: IconLoader2,
  ready: IconCircleCheck,
  stopping: IconLoader2,
  stopped: IconPlayerStop,
  failed: IconAlertTriangle,
}

type Props = { window: StudentWindow; now: Date; act: ReturnType<typeof useWindowAct> }

export function StateBlock({ window, now, act }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const said = describe(window, now, t, format)
  const StateIcon = ICONS[window.state]
  const block = useRef<HTMLElement>(null)
  useFocusKept(block)
  return (
    <section
      ref={block}
      tabIndex={-1}
      className={styles.block}
      data-tone={said.tone}
      aria-label={t("window.title")}
    >
      <div className={styles.said}>
        <span className={styles.icon} data-turning={window.state === "starting" || undefined}>
          <StateIcon size={26} stroke={1.8} aria-hidden />
        </span>
        <div className={styles.words} role="status" aria-live="polite">
          <p className={styles.word}>{t(`window.word.${window.state}`)}</p>
          <h2 className={styles.sentence}>{said.sentence}</h2>
          {said.next && <p className={styles.next}>{said.next}</p>}
          {said.reference && (
            <p className={styles.next}>
              {t("advice.reference", { reference: "" })}
              <code className={styles.reference}>{said.reference}</code>
            </p>
          )}
        </div>
        <PrimaryAct window={window} now={now} act={act} />
      </div>
      {window.state === "starting" && window.progress && (
        <StartProgress progress={window.progress} now={now}>
          <CancelStart window={window} act={act} />
        </StartProgress>
      )}
      {window.state === "queued" && (
        <div className={styles.queued}>
          <CancelStart window={window} act={act} />
        </div>
      )}
      {window.last_logs && (
        <details className={styles.logs}>
          <summary>{t("window.lastLogs")}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <pre tabIndex={0}>{window.last_logs}</pre>
        </details>
      )}
    </section>
  )
}

function PrimaryAct({ window, now, act }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  if (window.state === "not_open_yet" && window.opens_at) {
    const left = new Date(window.opens_at).getTime() - now.getTime()
    return (
      <div className={styles.act}>
        <Button size="md" disabled leftSection={<IconPlayerPlay size={18} aria-hidden />}>
          {t("window.start")}
        </Button>
        <span
          className={styles.countdown}
          role="timer"
          title={format.exact(new Date(window.opens_at))}
        >
          {t("window.opensIn", { time: format.countdown(left) })}
        </span>
      </div>
    )
  }
  const label = startLabel(window)
  if (!label) return null
  return (
    <div className={styles.act}>
      <Button
        size="md"
        leftSection={<IconPlayerPlay size={18} aria-hidden />}
        loading={act.isPending}
        onClick={() => act.mutate("start")}
      >
        {t(label)}
      </Button>
    </div>
  )
}

function startLabel(window: StudentWindow) {
  if (!window.can.includes("start")) return null
  if (window.state === "failed") return "window.retry"
  return window.state === "stopped" ? "window.startAgain" : "window.start"
}

function CancelStart({ window, act }: Omit<Props, "now">) {
  const { t } = useTranslation()
  if (!window.can.includes("cancel")) return null
  return (
    <Button
      variant="default"
      size="sm"
      loading={act.isPending && act.verb === "cancel"}
      onClick={() => act.mutate("cancel")}
    >
      {t("window.cancelStart")}
    </Button>
  )
}
