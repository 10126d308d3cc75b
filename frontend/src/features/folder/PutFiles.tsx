/** Puts files into the own work folder: dropped or chosen, asked about where they replace some. */
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { FolderFile } from "@/lib/transfer/dropped"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { DropZone } from "@/ui/files/DropZone"
import { ownFiles } from "./folder"
import { filesOf, pathsThere, useSend } from "./sending"

const MOST_NAMED = 5

export function PutFiles({ courseId }: { courseId: string }) {
  const { t } = useTranslation()
  const send = useSend(courseId)
  const [asked, setAsked] = useState<{ files: FolderFile[]; there: string[] } | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const take = async (files: FolderFile[]) => {
    setFailure(null)
    send.reset()
    if (files.length === 0) return
    try {
      const there = await pathsThere(ownFiles(courseId, null), files)
      if (there.length) setAsked({ files, there })
      else send.mutate({ files, replace: false })
    } catch (error) {
      setFailure(error)
    }
  }
  const close = () => setAsked(null)
  return (
    <>
      <DropZone
        text={t("files.drop")}
        help={t("files.dropHelp")}
        sending={
          send.progress && {
            step: t("files.sending", send.progress),
            fraction: send.progress.fraction,
            onCancel: send.cancel,
          }
        }
        onChosen={(chosen) => chosen && void take(filesOf(chosen))}
        onFailure={setFailure}
      />
      <div role="status" aria-live="polite">
        {send.data !== undefined && (
          <Notice tone="ok" title={t("files.sent", { count: send.data })} />
        )}
      </div>
      {!send.error?.name.includes("Abort") && <ProblemNotice error={send.error} />}
      <ProblemNotice error={failure} />
      <ConfirmDialog
        opened={asked !== null}
        title={t("files.replaceTitle")}
        confirm={t("files.replaceConfirm")}
        onClose={close}
        onConfirm={() => {
          if (asked) send.mutate({ files: asked.files, replace: true })
          close()
        }}
      >
        <p>{t("files.replaceText", { count: asked?.there.length ?? 0 })}</p>
        <ul>
          {asked?.there.slice(0, MOST_NAMED).map((path) => (
            <li key={path}>{path}</li>
          ))}
        </ul>
        {asked && asked.there.length > MOST_NAMED && (
          <p>{t("files.replaceMore", { count: asked.there.length - MOST_NAMED })}</p>
        )}
      </ConfirmDialog>
    </>
  )
}
