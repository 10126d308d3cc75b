/** The student's window: one page, the same in the LMS's frame and in a tab of its own. */
import { IconArrowLeft } from "@tabler/icons-react"
import { type ReactNode, useEffect } from "react"
import { useTranslation } from "react-i18next"
import { useServerNow } from "@/lib/clock"
import { Preferences } from "@/ui/Preferences"
import { ProblemNotice } from "@/ui/ProblemNotice"
import { Connections } from "./connections/Connections"
import { EndingSoon } from "./EndingSoon"
import { QuietActions } from "./QuietActions"
import { SessionSummary } from "./SessionSummary"
import { StateBlock } from "./StateBlock"
import { useStudentWindow, useWindowAct } from "./window"
import styles from "./window.module.css"

type Props = {
  courseId: string
  /** The way back for editors, made by the route. */
  editLink?: (content: ReactNode) => ReactNode
  /** Leads to one's own account, made by the route. */
  accountLink?: ReactNode
}

export function StudentWindowPage({ courseId, editLink, accountLink }: Props) {
  const { t } = useTranslation()
  const { window, offset, unreachable } = useStudentWindow(courseId)
  const moving = window.state !== "closed" && window.state !== "failed"
  const now = useServerNow(offset, moving || Boolean(window.session))
  const act = useWindowAct(courseId, window.version)
  const mayEdit = window.can.includes("edit_course")

  useEffect(() => {
    document.title = `${window.course.title} · MyDocker`
  }, [window.course.title])

  return (
    <main className={styles.page} id="content">
      {mayEdit && editLink && (
        <div className={styles.editor}>
          {editLink(
            <>
              <IconArrowLeft size={16} aria-hidden /> {t("window.editCourse")}
            </>,
          )}
          <span>{t("window.asStudent")}</span>
        </div>
      )}
      <header className={styles.header}>
        <h1 className={styles.title}>{window.course.title}</h1>
        <SessionSummary window={window} now={now} />
      </header>
      {unreachable && <ProblemNotice error={unreachable} />}
      <EndingSoon window={window} now={now} offset={offset} act={act} />
      <StateBlock window={window} now={now} act={act} />
      {act.error && <ProblemNotice error={act.error} />}
      {window.state === "ready" && <Connections window={window} act={act} />}
      {window.course.description && (
        <section className={styles.about} aria-label={t("window.description")}>
          {window.course.description}
        </section>
      )}
      <footer className={styles.footer}>
        <QuietActions window={window} act={act} />
        <span className={styles.person}>
          {accountLink}
          <Preferences compact />
        </span>
      </footer>
    </main>
  )
}
