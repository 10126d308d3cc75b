/** What a student's window shows, from top to bottom; also the preview that a teacher sees. */
import { useTranslation } from "react-i18next"
import type { StudentWindow } from "@/api/types"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { Connections } from "./connections/Connections"
import { OpenByLink } from "./connections/OpenByLink"
import { FolderGauge, FolderWarning } from "./folder/FolderGauge"
import { EndingSoon } from "./notices/EndingSoon"
import { IdleNotice } from "./notices/IdleNotice"
import { TeacherNotes } from "./notices/TeacherNotes"
import { SessionSummary } from "./SessionSummary"
import { StateBlock } from "./StateBlock"
import type { useWindowAct } from "./window"
import styles from "./window.module.css"

type Props = {
  window: StudentWindow
  now: Date
  offset: number
  act: ReturnType<typeof useWindowAct>
  /** Why the server could not be asked last. */
  unreachable?: unknown
  openPath?: string
  userRedirect?: string
  onOpened?: () => void
}

export function WindowContent(props: Props) {
  const { window, now, offset, act, unreachable, openPath, userRedirect, onOpened } = props
  const { t } = useTranslation()
  return (
    <>
      <header className={styles.header}>
        <h1 className={styles.title}>{window.course.title}</h1>
        <SessionSummary window={window} now={now} />
      </header>
      {Boolean(unreachable) && <ProblemNotice error={unreachable} />}
      <TeacherNotes window={window} />
      {openPath && <OpenByLink window={window} act={act} path={openPath} onOpened={onOpened} />}
      <EndingSoon window={window} now={now} offset={offset} act={act} />
      <IdleNotice window={window} now={now} act={act} />
      <FolderWarning window={window} />
      <StateBlock window={window} now={now} act={act} />
      {act.error && <ProblemNotice error={act.error} />}
      {window.state === "ready" && (
        <Connections window={window} act={act} userRedirect={userRedirect} />
      )}
      <FolderGauge window={window} />
      {window.course.description && (
        <section className={styles.about} aria-label={t("window.description")}>
          {window.course.description}
        </section>
      )}
    </>
  )
}
