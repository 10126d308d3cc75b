/** The own work folder: its files now or as they were, download, and putting them back. */
import { Button, Select } from "@mantine/core"
import { IconRestore, IconTrash } from "@tabler/icons-react"
import { type ReactNode, useState } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "@/lib/format"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { FileBrowser } from "@/ui/files/FileBrowser"
import { PageHeader } from "@/ui/page/PageHeader"
import { type FolderSnapshot, ownFiles, useRemove, useRestore, useSnapshots } from "./folder"
import styles from "./folder.module.css"
import { PutFiles } from "./PutFiles"

const NOW = "now"

/** `back`: the way to the student's window, made by the route. `notices`: about its end. */
type Props = { courseId: string; back: ReactNode; notices?: ReactNode }

export function FolderPage({ courseId, back, notices }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const [shown, setShown] = useState(NOW)
  const [asked, setAsked] = useState<string[] | null>(null)
  const snapshots = useSnapshots(courseId)
  const restore = useRestore(courseId)
  const remove = useRemove(courseId)
  const [going, setGoing] = useState<string[] | null>(null)
  const items = snapshots.data?.items ?? []
  const snapshot = items.find((item) => item.id === shown) ?? null
  const named = (item: FolderSnapshot) =>
    `${format.moment(new Date(item.taken_at), new Date())} · ${t(`files.kind.${item.kind}`)}`
  return (
    <main className={styles.page} id="content">
      <PageHeader title={t("files.folderTitle")} above={back}>
        {t("files.folderText")}
      </PageHeader>
      {notices}
      <ProblemNotice error={snapshots.error} />
      <Select
        className={styles.choice}
        label={t("files.shown")}
        description={t("files.shownHelp")}
        allowDeselect={false}
        value={shown}
        onChange={(value) => setShown(value ?? NOW)}
        data={[
          { value: NOW, label: t("files.now") },
          ...items.map((item) => ({ value: item.id, label: named(item) })),
        ]}
      />
      <div role="status" aria-live="polite">
        {restore.data && (
          <Notice tone="ok" title={t("files.restored", { count: restore.data.files })}>
            {t("files.restoredText")}
          </Notice>
        )}
      </div>
      <ProblemNotice error={restore.error} />
      {!snapshot && <PutFiles courseId={courseId} />}
      <FileBrowser
        key={`${shown} ${remove.submittedAt}`}
        source={ownFiles(courseId, snapshot?.id ?? null)}
        acts={(chosen) =>
          snapshot ? (
            <Button
              variant="default"
              leftSection={<IconRestore size={17} aria-hidden />}
              loading={restore.isPending}
              onClick={() => setAsked(chosen)}
            >
              {t(chosen.length ? "files.restoreChosen" : "files.restoreAll")}
            </Button>
          ) : (
            chosen.length > 0 && (
              <Button
                variant="default"
                leftSection={<IconTrash size={17} aria-hidden />}
                onClick={() => setGoing(chosen)}
              >
                {t("files.remove")}
              </Button>
            )
          )
        }
      />
      {snapshot && (
        <ConfirmDialog
          opened={asked !== null}
          title={t(asked?.length ? "files.restoreChosenTitle" : "files.restoreAllTitle")}
          confirm={t("files.restoreConfirm")}
          busy={restore.isPending}
          onClose={() => setAsked(null)}
          onConfirm={() =>
            restore.mutate(
              { snapshot: snapshot.id, paths: asked ?? [] },
              {
                onSettled: () => setAsked(null),
                onSuccess: () => setShown(NOW),
              },
            )
          }
        >
          <p>{t(asked?.length ? "files.restoreChosenText" : "files.restoreAllText")}</p>
          <p>{t("files.restoreKept")}</p>
        </ConfirmDialog>
      )}
      <ConfirmDialog
        opened={going !== null}
        title={t("files.removeTitle")}
        confirm={t("files.remove")}
        danger
        busy={remove.isPending}
        onClose={() => setGoing(null)}
        onConfirm={() => remove.mutate(going ?? [], { onSuccess: () => setGoing(null) })}
      >
        <p>{t("files.removeText", { count: going?.length ?? 0 })}</p>
        <p>{t("files.removeKept")}</p>
        <ProblemNotice error={remove.error} />
      </ConfirmDialog>
    </main>
  )
}
