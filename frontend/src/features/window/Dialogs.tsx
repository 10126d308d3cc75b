/** The dialogs of the student's window. */
import { Drawer, Modal } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { api } from "@/api/client"
import type { StudentWindow } from "@/api/types"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { Patience } from "@/ui/feedback/Patience"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { LogText } from "@/ui/text/LogText"
import type { DialogName, useWindowAct } from "./window"
import styles from "./window.module.css"

type Props = {
  opened: DialogName | null
  window: StudentWindow
  act: ReturnType<typeof useWindowAct>
  onClose: () => void
}

export default function Dialogs({ opened, window, act, onClose }: Props) {
  const { t } = useTranslation()
  return (
    <>
      {(["stop", "restart", "password"] as const).map((name) => (
        <ConfirmDialog
          key={name}
          opened={opened === name}
          title={t(`window.${name}Title`)}
          confirm={t(`window.${name}Confirm`)}
          dismiss={t("window.keepRunning")}
          onClose={onClose}
          onConfirm={() => {
            act.mutate(name)
            onClose()
          }}
        >
          {name === "password" && <p>{t("window.passwordText")}</p>}
          <KeptAndLost window={window} password={name !== "password"} />
        </ConfirmDialog>
      ))}
      <Drawer
        opened={opened === "logs"}
        onClose={onClose}
        position="right"
        size="lg"
        title={t("window.logsTitle")}
        closeButtonProps={{ "aria-label": t("app.close") }}
      >
        {opened === "logs" && <Logs courseId={window.course.id} />}
      </Drawer>
      <Modal
        opened={opened === "help"}
        onClose={onClose}
        title={t("window.helpTitle")}
        closeButtonProps={{ "aria-label": t("app.close") }}
      >
        <ul className={styles.help}>
          <li>{t("window.help1")}</li>
          <li>
            {window.course.saves_work
              ? t("window.help2Saved", { path: window.course.work_path })
              : t("window.help2Unsaved")}
          </li>
          <li>{t("window.help3")}</li>
          <li>{t("window.help4")}</li>
        </ul>
      </Modal>
    </>
  )
}

function KeptAndLost({ window, password }: { window: StudentWindow; password: boolean }) {
  const { t } = useTranslation()
  const saves = window.course.saves_work
  return (
    <div className={styles.keptLost}>
      <div>
        <h3>{t("window.kept")}</h3>
        <ul>
          {saves && <li>{t("window.keptWork", { path: window.course.work_path })}</li>}
          <li>{t(password ? "window.keptCredentials" : "window.keptName")}</li>
        </ul>
      </div>
      <div>
        <h3>{t("window.lost")}</h3>
        <ul>
          <li>{t("window.lostPrograms")}</li>
          <li>{saves ? t("window.lostFiles") : t("window.lostAllFiles")}</li>
        </ul>
      </div>
    </div>
  )
}

function Logs({ courseId }: { courseId: string }) {
  const logs = api.useQuery(
    "get",
    "/api/courses/{course_id}/environment/logs",
    { params: { path: { course_id: courseId } } },
    { refetchInterval: 3_000, staleTime: 0 },
  )
  if (logs.error) return <ProblemNotice error={logs.error} />
  if (!logs.data) return <Patience />
  return <LogText text={logs.data.text} />
}
