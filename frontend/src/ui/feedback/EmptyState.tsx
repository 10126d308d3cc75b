/** Nothing here: one sentence, one button. */
import type { ReactNode } from "react"
import styles from "./EmptyState.module.css"

type Props = { title: string; text?: string; action?: ReactNode; icon?: ReactNode }

export function EmptyState({ title, text, action, icon }: Props) {
  return (
    <div className={styles.empty}>
      {icon && <div className={styles.icon}>{icon}</div>}
      <p className={styles.title}>{title}</p>
      {text && <p className={styles.text}>{text}</p>}
      {action}
    </div>
  )
}
