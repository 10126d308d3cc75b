/** A part of a page or form: a title, one sentence, its content. */
import { type ReactNode, useId } from "react"
import styles from "./Section.module.css"

type Props = { title: ReactNode; text?: ReactNode; action?: ReactNode; children: ReactNode }

export function Section({ title, text, action, children }: Props) {
  const id = useId()
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.head}>
        <div>
          <h2 className={styles.title} id={id}>
            {title}
          </h2>
          {text && <p className={styles.text}>{text}</p>}
        </div>
        {action}
      </div>
      <div className={styles.body}>{children}</div>
    </section>
  )
}

/** Two columns where there is room: the work, and what it means. */
export function WithAside({ children, aside }: { children: ReactNode; aside: ReactNode }) {
  return (
    <div className={styles.columns}>
      <div className={styles.main}>{children}</div>
      <aside className={styles.aside}>{aside}</aside>
    </div>
  )
}

/** Fields beside each other where there is room. */
export function Fields({ children }: { children: ReactNode }) {
  return <div className={styles.fields}>{children}</div>
}
