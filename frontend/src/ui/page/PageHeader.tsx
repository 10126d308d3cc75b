/** Title, one sentence of context, the primary action at the right. */
import { type ReactNode, useEffect } from "react"
import styles from "./PageHeader.module.css"

type Props = { title: string; children?: ReactNode; action?: ReactNode; above?: ReactNode }

export function PageHeader({ title, children, action, above }: Props) {
  useEffect(() => {
    document.title = `${title} · MyDocker`
  }, [title])
  return (
    <header className={styles.header}>
      {above}
      <div className={styles.line}>
        <div className={styles.text}>
          <h1 className={styles.title}>{title}</h1>
          {children && <div className={styles.context}>{children}</div>}
        </div>
        {action && <div className={styles.action}>{action}</div>}
      </div>
    </header>
  )
}
