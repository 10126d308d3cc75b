/** Takes files and folders that are dropped or chosen, and shows how far they are sent. */
import { Button, FileButton, Group, Progress } from "@mantine/core"
import { IconFolderUp, IconUpload } from "@tabler/icons-react"
import { type DragEvent, type ReactNode, useState } from "react"
import { useTranslation } from "react-i18next"
import { type Chosen, chosenFiles, chosenFolder, readDrop } from "@/lib/transfer/dropped"
import styles from "./dropZone.module.css"

export type Sending = {
  /** What is being done, in words. */
  step: string
  /** 0 to 1. */
  fraction: number
  animated?: boolean
  onCancel?: () => void
}

type Props = {
  text: string
  /** Which kinds of files, how large. */
  help?: ReactNode
  sending: Sending | null
  onChosen: (chosen: Chosen | null) => void
  onFailure: (error: unknown) => void
}

export function DropZone({ text, help, sending, onChosen, onFailure }: Props) {
  const { t } = useTranslation()
  const [isOver, setIsOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    if (!sending) void readDrop(event.dataTransfer).then(onChosen, onFailure)
  }
  return (
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
      {sending ? (
        <div className={styles.progress}>
          <span role="status">{sending.step}</span>
          <Progress
            value={Math.round(sending.fraction * 100)}
            animated={sending.animated}
            aria-label={t("transfer.progress")}
          />
          {sending.onCancel && (
            <Button variant="subtle" size="xs" onClick={sending.onCancel}>
              {t("app.cancel")}
            </Button>
          )}
        </div>
      ) : (
        <>
          <IconUpload size={28} stroke={1.6} aria-hidden />
          <p>{text}</p>
          <Group gap="sm" justify="center">
            <FileButton multiple onChange={(files) => onChosen(chosenFiles(files))}>
              {(props) => (
                <Button {...props} leftSection={<IconUpload size={18} aria-hidden />}>
                  {t("transfer.choose")}
                </Button>
              )}
            </FileButton>
            <FileButton
              multiple
              inputProps={{ webkitdirectory: "" } as object}
              onChange={(files) => onChosen(chosenFolder(files))}
            >
              {(props) => (
                <Button
                  {...props}
                  variant="default"
                  leftSection={<IconFolderUp size={18} aria-hidden />}
                >
                  {t("transfer.chooseFolder")}
                </Button>
              )}
            </FileButton>
          </Group>
          {help && <p className={styles.dim}>{help}</p>}
        </>
      )}
    </div>
  )
}
