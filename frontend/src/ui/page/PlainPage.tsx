/** A page that says one thing and offers at most one act. */
import { createContext, type ReactNode, useContext, useEffect } from "react"
import styles from "./PlainPage.module.css"
import { Preferences } from "./Preferences"

/** Whether a page around this one already has the main landmark. */
export const InsidePage = createContext(false)

type Props = { title: string; children: ReactNode; action?: ReactNode; icon?: ReactNode }

export function PlainPage({ title, children, action, icon }: Props) {
  const inside = useContext(InsidePage)
  useEffect(() => {
    document.title = `${title} · MyDocker`
  }, [title])
  const box = (
    <div className={styles.box}>
      {icon && <div className={styles.icon}>{icon}</div>}
      <h1 className={styles.title}>{title}</h1>
      <div className={styles.text}>{children}</div>
      {action}
    </div>
  )
  if (inside) return box
  return (
    <main className={styles.page} id="content">
      {box}
      <div className={styles.foot}>
        <Preferences />
      </div>
    </main>
  )
}
