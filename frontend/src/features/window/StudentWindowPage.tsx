/** The student's window: one page, the same in the LMS's frame and in a tab of its own. */
import { IconArrowLeft } from "@tabler/icons-react"
import { type ReactNode, useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import type { TriedBuild } from "@/api/types"
import { useServerNow } from "@/lib/clock"
import { Preferences } from "@/ui/page/Preferences"
import { SubmitWork } from "./folder/SubmitWork"
import { QuietActions } from "./QuietActions"
import { WindowContent } from "./WindowContent"
import { useStudentWindow, useWindowAct } from "./window"
import styles from "./window.module.css"

type Props = {
  courseId: string
  /** The way back for editors, made by the route. */
  editLink?: (content: ReactNode) => ReactNode
  /** The way back from a trial to the build that is tried, made by the route. */
  buildLink?: (content: ReactNode, tried: TriedBuild) => ReactNode
  /** A path that a link wants opened in the first web port, with its query. */
  openPath?: string
  /** The path was opened, or somebody does not want it. */
  onOpened?: () => void
  /** Leads to the files of the work folder, made by the route. */
  filesLink?: ReactNode
  /** What is said about the work folder's end, made by the route. */
  notices?: ReactNode
  /** Leads to one's own account, made by the route. */
  accountLink?: ReactNode
}

export function StudentWindowPage(props: Props) {
  const { courseId, editLink, buildLink, accountLink, filesLink, openPath, onOpened } = props
  const { t } = useTranslation()
  const { window, offset, unreachable } = useStudentWindow(courseId)
  const moving = window.state !== "closed" && window.state !== "failed"
  const now = useServerNow(offset, moving || Boolean(window.session))
  const act = useWindowAct(courseId, window.version)
  // Links may name the path that a join link brought, also after the page forgot it in its address.
  const [brought] = useState(openPath ?? "")
  const tried = window.course.tried
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
      {tried && buildLink && (
        <div className={styles.editor}>
          {buildLink(
            <>
              <IconArrowLeft size={16} aria-hidden /> {t("window.backToBuild")}
            </>,
            tried,
          )}
          <span>{t("window.trial")}</span>
        </div>
      )}
      {props.notices}
      <WindowContent
        window={window}
        now={now}
        offset={offset}
        act={act}
        unreachable={unreachable}
        openPath={openPath}
        userRedirect={brought}
        onOpened={onOpened}
      />
      {window.course.takes_submissions && <SubmitWork window={window} />}
      <footer className={styles.footer}>
        <QuietActions window={window} act={act} />
        <span className={styles.person}>
          {window.course.saves_work && window.attempt > 0 && filesLink} {accountLink}
          <Preferences compact />
        </span>
      </footer>
    </main>
  )
}
