/** A message in its place on the page: what happened, what to do. */
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconInfoCircle,
} from "@tabler/icons-react"
import type { ReactNode } from "react"
import styles from "./Notice.module.css"
import type { Tone } from "./tones"

const ICONS = {
  ok: IconCircleCheck,
  warn: IconAlertTriangle,
  bad: IconCircleX,
  info: IconInfoCircle,
  still: IconInfoCircle,
}

type Props = {
  tone: Tone
  title?: ReactNode
  children?: ReactNode
  action?: ReactNode
  /** Read out when it is convenient, even where it is bad: it changes while somebody types. */
  polite?: boolean
}

export function Notice({ tone, title, children, action, polite }: Props) {
  const Icon = ICONS[tone]
  return (
    <div
      className={styles.notice}
      data-tone={tone}
      role={tone === "bad" && !polite ? "alert" : "status"}
    >
      <Icon className={styles.icon} size={20} stroke={1.9} aria-hidden />
      <div className={styles.text}>
        {title && <div className={styles.title}>{title}</div>}
        {children}
      </div>
      {action && <div className={styles.action}>{action}</div>}
    </div>
  )
}
