/** The eight steps of a start as a slim bar, the current one as a sentence, and the time it takes. */
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import type { Progress } from "@/api/types"
import { useFormat } from "@/lib/format"
import styles from "./window.module.css"

type Props = { progress: Progress; now: Date; children: ReactNode }

export function StartProgress({ progress, now, children }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const elapsed = Math.max(0, now.getTime() - new Date(progress.started_at).getTime())
  const usual = progress.usual_seconds ? progress.usual_seconds * 1000 : null
  const step = progress.waiting_for_ports
    ? t("window.waitingForPorts")
    : t(`window.step.${progress.step ?? "new"}`)
  const of = t("window.stepOf", { number: progress.number, steps: progress.steps })
  const time = format.duration(elapsed)
  return (
    <div className={styles.progress}>
      <div
        className={styles.bar}
        role="progressbar"
        aria-label={t("window.progress")}
        aria-valuemin={0}
        aria-valuemax={progress.steps}
        aria-valuenow={progress.number}
        aria-valuetext={`${step} (${of})`}
      >
        {Array.from({ length: progress.steps }, (_, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: the steps are a fixed row
            key={index}
            data-done={index < progress.number - 1 || progress.waiting_for_ports || undefined}
            data-current={index === progress.number - 1 || undefined}
          />
        ))}
      </div>
      <div className={styles.progressLine}>
        <div>
          <p className={styles.step} role="status" aria-live="polite">
            {step} <span className={styles.of}>({of})</span>
          </p>
          <p className={styles.elapsed}>
            {usual
              ? t("window.elapsedUsual", { time, usual: format.duration(usual) })
              : t("window.elapsed", { time })}
            {usual && elapsed > usual * 1.5 && elapsed > usual + 3000 && <> {t("window.slower")}</>}
          </p>
        </div>
        {children}
      </div>
    </div>
  )
}
