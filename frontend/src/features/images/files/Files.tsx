/** The files of an Image: dropped, sent with progress, shown as a tree. */
import { Button, Group } from "@mantine/core"
import { IconDownload, IconTrash } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useRef, useState } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "@/lib/format"
import { sizeOf } from "@/lib/sizes"
import type { Chosen } from "@/lib/transfer/dropped"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { DropZone } from "@/ui/files/DropZone"
import { Section } from "@/ui/page/Section"
import { contextOf, download, useRemoveFile, useSendFiles } from "./context"
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
        <DropZone
          text={t("image.files.drop")}
          help={t("image.files.kinds")}
          sending={
            progress && {
              step: t(`image.files.step.${progress.step}`),
              fraction: progress.fraction,
              animated: progress.step !== "sending",
              onCancel: progress.step === "sending" ? sending.cancel : undefined,
            }
          }
          onChosen={take}
          onFailure={setFailure}
        />
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
