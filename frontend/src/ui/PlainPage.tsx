/** A page that says one thing and offers at most one act. */
import type { ReactNode } from "react"
import styles from "./PlainPage.module.css"
import { Preferences } from "./Preferences"

type Props = { title: string; children: ReactNode; action?: ReactNode; icon?: ReactNode }

export function PlainPage({ title, children, action, icon }: Props) {
  return (
    <main className={styles.page} id="content">
      <div className={styles.box}>
        {icon && <div className={styles.icon}>{icon}</div>}
        <h1 className={styles.title}>{title}</h1>
        <div className={styles.text}>{children}</div>
        {action}
      </div>
      <div className={styles.foot}>
        <Preferences />
      </div>
    </main>
  )
}
