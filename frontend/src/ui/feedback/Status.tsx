/** A state as an icon and a word. */
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClock,
} from "@tabler/icons-react"
import type { ReactNode } from "react"
import styles from "./Status.module.css"
import type { Tone } from "./tones"

/** The icon of each tone. */
export const STATUS_ICONS = {
  ok: IconCircleCheck,
  warn: IconAlertTriangle,
  bad: IconCircleX,
  info: IconClock,
  still: IconCircleDashed,
}

export function Status({ tone, children }: { tone: Tone; children: ReactNode }) {
  const Icon = STATUS_ICONS[tone]
  return (
    <span className={styles.status} data-tone={tone}>
      <Icon size={15} stroke={2} aria-hidden />
      {children}
    </span>
  )
}
