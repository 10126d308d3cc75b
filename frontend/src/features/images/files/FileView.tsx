/** The content of one file, where it is text and short. */
import { Button, Group, Modal } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { Patience } from "@/ui/feedback/Patience"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { contentOf } from "./context"
import styles from "./files.module.css"

const MOST_BYTES = 512 * 1024

type Props = {
  imageId: string
  path: string
  onDownload: () => void
  onUseDockerfile?: (text: string) => void
  onClose: () => void
}

export function FileView({ imageId, path, onDownload, onUseDockerfile, onClose }: Props) {
  const { t } = useTranslation()
  const content = useQuery({
    queryKey: ["file", imageId, path],
    queryFn: () => contentOf(imageId, path).then(textOf),
    gcTime: 0,
    staleTime: 0,
  })
  const text = content.data
  return (
    <Modal
      opened
      size="xl"
      title={path}
      onClose={onClose}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      {content.isPending && <Patience />}
      <ProblemNotice error={content.error} />
      {text === null && <p>{t("image.files.noText")}</p>}
      {typeof text === "string" && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long content is scrolled by keyboard
        <pre className={styles.content} tabIndex={0} role="region" aria-label={path}>
          {text}
        </pre>
      )}
      <Group justify="flex-end" mt="md" gap="sm">
        {onUseDockerfile && typeof text === "string" && (
          <Button variant="default" onClick={() => onUseDockerfile(text)}>
            {t("image.files.useDockerfile")}
          </Button>
        )}
        <Button onClick={onDownload}>{t("image.files.download")}</Button>
      </Group>
    </Modal>
  )
}

/** Null where it is no text, or too long to show. */
async function textOf(content: Blob): Promise<string | null> {
  if (content.size > MOST_BYTES) return null
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await content.arrayBuffer())
    return text.includes("\0") ? null : text
  } catch {
    return null
  }
}
