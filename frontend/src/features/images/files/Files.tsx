/** The files of an Image: dropped, sent with progress, shown as a tree. */
import { Button, FileButton, Group, Progress } from "@mantine/core"
import { IconDownload, IconFolderUp, IconTrash, IconUpload } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { type DragEvent, useRef, useState } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "@/lib/format"
import { sizeOf } from "@/lib/sizes"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { Section } from "@/ui/page/Section"
import { contextOf, download, useRemoveFile, useSendFiles } from "./context"
import { type Chosen, chosenFiles, chosenFolder, readDrop } from "./dropped"
import { FileTree } from "./FileTree"
import { FileView } from "./FileView"
import styles from "./files.module.css"

type Props = { imageId: string; mayEdit: boolean; onUseDockerfile: (text: string) => void }

export function Files({ imageId, mayEdit, onUseDockerfile }: Props) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const { data: context } = useSuspenseQuery(contextOf(imageId))
  const sending = useSendFiles(imageId)
  const removing = useRemoveFile(imageId)
  const [isOver, setIsOver] = useState(false)
  const [replacing, setReplacing] = useState<Chosen | null>(null)
  const [removed, setRemoved] = useState<{ path: string | null } | null>(null)
  const [shown, setShown] = useState<string | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const replaced = useRef<string | null>(null)
  const single = useRef<HTMLInputElement>(null)
  const isEmpty = context.entries.length === 0
  const progress = sending.progress

  function take(chosen: Chosen | null) {
    if (!chosen || sending.isPending) return
    if (chosen.kind === "files" || isEmpty) sending.mutate({ chosen })
    else setReplacing(chosen)
  }

  function drop(event: DragEvent) {
    event.preventDefault()
    setIsOver(false)
    if (mayEdit) void readDrop(event.dataTransfer).then(take, setFailure)
  }

  function replaceOne(file: File | undefined) {
    const path = replaced.current
    if (!file || !path) return
    const folder = path.slice(0, path.lastIndexOf("/") + 1)
    const name = path.slice(folder.length)
    sending.mutate({ chosen: { kind: "files", files: [{ path: name, file }] }, folder })
  }

  const save = (path: string | null) => void download(imageId, path).catch(setFailure)
  return (
    <Section
      title={t("image.files.title")}
      text={t("image.files.help")}
      action={
        !isEmpty && (
          <Group gap="xs">
            <Button
              variant="default"
              size="xs"
              leftSection={<IconDownload size={16} aria-hidden />}
              onClick={() => save(null)}
            >
              {t("image.files.downloadAll")}
            </Button>
            {mayEdit && (
              <Button
                variant="default"
                size="xs"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={() => setRemoved({ path: null })}
              >
                {t("image.files.removeAll")}
              </Button>
            )}
          </Group>
        )
      }
    >
      {mayEdit && (
        // biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside do the same by keyboard
        <div
          className={styles.drop}
          data-over={isOver || undefined}
          onDragOver={(event) => {
            event.preventDefault()
            setIsOver(true)
          }}
          onDragLeave={() => setIsOver(false)}
          onDrop={drop}
        >
          {progress ? (
            <div className={styles.progress}>
              <span role="status">{t(`image.files.step.${progress.step}`)}</span>
              <Progress
                value={Math.round(progress.fraction * 100)}
                animated={progress.step !== "sending"}
                aria-label={t("image.files.progress")}
              />
              {progress.step === "sending" && (
                <Button variant="subtle" size="xs" onClick={sending.cancel}>
                  {t("app.cancel")}
                </Button>
              )}
            </div>
          ) : (
            <>
              <IconUpload size={28} stroke={1.6} aria-hidden />
              <p>{t("image.files.drop")}</p>
              <Group gap="sm" justify="center">
                <FileButton multiple onChange={(files) => take(chosenFiles(files))}>
                  {(props) => (
                    <Button {...props} leftSection={<IconUpload size={18} aria-hidden />}>
                      {t("image.files.choose")}
                    </Button>
                  )}
                </FileButton>
                <FolderButton onChange={(files) => take(chosenFolder(files))} />
              </Group>
              <p className={styles.dim}>{t("image.files.kinds")}</p>
            </>
          )}
        </div>
      )}
      {!sending.error?.name.includes("Abort") && <ProblemNotice error={sending.error} />}
      <ProblemNotice error={failure ?? removing.error} />
      <input
        ref={single}
        type="file"
        hidden
        onChange={(event) => {
          replaceOne(event.currentTarget.files?.[0])
          event.currentTarget.value = ""
        }}
      />
      {isEmpty ? (
        <p className={styles.dim}>{t("image.files.none")}</p>
      ) : (
        <>
          <p className={styles.dim}>
            {t("image.files.count", { count: context.files })},{" "}
            {sizeOf(context.size, i18n.language)}
            {context.created_at && `, ${format.dateTime(new Date(context.created_at))}`}
          </p>
          {context.entries.some((entry) => entry.path === "Dockerfile") && (
            <Notice
              tone="info"
              title={t("image.files.dockerfile")}
              action={
                mayEdit && (
                  <Button variant="default" size="xs" onClick={() => setShown("Dockerfile")}>
                    {t("image.files.view")}
                  </Button>
                )
              }
            />
          )}
          <FileTree
            entries={context.entries}
            mayEdit={mayEdit}
            onView={setShown}
            onDownload={save}
            onReplace={(path) => {
              replaced.current = path
              single.current?.click()
            }}
            onRemove={(path) => setRemoved({ path })}
          />
        </>
      )}
      {shown && (
        <FileView
          imageId={imageId}
          path={shown}
          onDownload={() => save(shown)}
          onUseDockerfile={
            mayEdit && shown === "Dockerfile"
              ? (text) => {
                  setShown(null)
                  onUseDockerfile(text)
                }
              : undefined
          }
          onClose={() => setShown(null)}
        />
      )}
      <ConfirmDialog
        opened={replacing !== null}
        title={t("image.files.replaceTitle")}
        confirm={t("image.files.replaceConfirm")}
        danger
        onClose={() => setReplacing(null)}
        onConfirm={() => {
          if (replacing) sending.mutate({ chosen: replacing })
          setReplacing(null)
        }}
      >
        <p>{t("image.files.replaceText", { count: context.files })}</p>
      </ConfirmDialog>
      <ConfirmDialog
        opened={removed !== null}
        title={t("image.files.removeTitle")}
        confirm={t("image.files.remove")}
        danger
        busy={removing.isPending}
        onClose={() => setRemoved(null)}
        onConfirm={() => {
          if (removed) removing.mutate(removed.path, { onSettled: () => setRemoved(null) })
        }}
      >
        <p>{removed?.path ?? t("image.files.removeAllText", { count: context.files })}</p>
      </ConfirmDialog>
    </Section>
  )
}

function FolderButton({ onChange }: { onChange: (files: File[]) => void }) {
  const { t } = useTranslation()
  return (
    <FileButton
      multiple
      inputProps={{ webkitdirectory: "" } as object}
      onChange={(files) => onChange(files)}
    >
      {(props) => (
        <Button {...props} variant="default" leftSection={<IconFolderUp size={18} aria-hidden />}>
          {t("image.files.chooseFolder")}
        </Button>
      )}
    </FileButton>
  )
}
