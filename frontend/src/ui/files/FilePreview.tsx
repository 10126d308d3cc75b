/** One file, read only: text, pictures and notebooks as plain cells; others are downloaded. */
import { Button, Group, Modal } from "@mantine/core"
import { useMutation, useQuery } from "@tanstack/react-query"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { asProblem } from "@/api/problems"
import { Patience } from "@/ui/feedback/Patience"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { bytesOf, type FileSource, nameOf, saveFrom } from "./files"
import styles from "./files.module.css"
import { type Cell, cellsOf, type Output } from "./notebook"

const MOST_TEXT = 1024 * 1024
/** Pictures that hold no programs; an SVG is shown as its text. */
const PICTURES: Record<string, string> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
}

type Shown =
  | { kind: "text"; text: string }
  | { kind: "picture"; blob: Blob }
  | { kind: "notebook"; cells: Cell[] }
  | { kind: "none" }

type Props = { source: FileSource; path: string; onClose: () => void }

export function FilePreview({ source, path, onClose }: Props) {
  const { t } = useTranslation()
  const content = useQuery({
    queryKey: ["file", ...source.key, path],
    queryFn: () => bytesOf(source, path).then((blob) => shownOf(path, blob)),
    gcTime: 0,
    staleTime: 0,
    retry: false,
  })
  const download = useMutation({
    mutationFn: () => source.addressOf([path], "file"),
    onSuccess: saveFrom,
  })
  const tooLarge = content.error && asProblem(content.error).code === "file_too_large_to_show"
  return (
    <Modal
      opened
      size="xl"
      title={path}
      onClose={onClose}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      {content.isPending && <Patience />}
      {content.error && !tooLarge && <ProblemNotice error={content.error} />}
      {(tooLarge || content.data?.kind === "none") && <p>{t("files.notShown")}</p>}
      {content.data && <Content shown={content.data} name={nameOf(path)} />}
      <ProblemNotice error={download.error} />
      <Group justify="flex-end" mt="md">
        <Button loading={download.isPending} onClick={() => download.mutate()}>
          {t("files.download")}
        </Button>
      </Group>
    </Modal>
  )
}

function Content({ shown, name }: { shown: Shown; name: string }) {
  switch (shown.kind) {
    case "text":
      return <Text text={shown.text} label={name} />
    case "picture":
      return <Picture blob={shown.blob} name={name} />
    case "notebook":
      return (
        <>
          {shown.cells.map((cell, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: cells never move
            <NotebookCell key={index} cell={cell} number={index + 1} />
          ))}
        </>
      )
    default:
      return null
  }
}

function Text({ text, label, extra = "" }: { text: string; label: string; extra?: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long content is scrolled by keyboard
    <pre className={`${styles.content} ${extra}`} tabIndex={0} role="region" aria-label={label}>
      {text}
    </pre>
  )
}

function Picture({ blob, name }: { blob: Blob; name: string }) {
  const [address, setAddress] = useState("")
  useEffect(() => {
    const made = URL.createObjectURL(blob)
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [blob])
  return address ? <img className={styles.picture} src={address} alt={name} /> : null
}

function NotebookCell({ cell, number }: { cell: Cell; number: number }) {
  const { t } = useTranslation()
  const label = t("files.cell", { number })
  return (
    <section className={styles.cell} aria-label={label}>
      {cell.kind === "code" && <span className={styles.count}>[{cell.count ?? " "}]</span>}
      <Text text={cell.source} label={label} />
      {cell.outputs.map((output, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: outputs never move
        <CellOutput key={index} output={output} label={label} />
      ))}
    </section>
  )
}

function CellOutput({ output, label }: { output: Output; label: string }) {
  const { t } = useTranslation()
  if (output.kind === "picture") {
    return <img className={styles.picture} src={output.source} alt={label} />
  }
  if (output.kind === "hidden") {
    return <p className={styles.note}>{t("files.outputHidden", { type: output.type })}</p>
  }
  const extra = output.isError ? (styles.error ?? "") : (styles.output ?? "")
  return <Text text={output.text} label={label} extra={extra} />
}

async function shownOf(path: string, blob: Blob): Promise<Shown> {
  const ending = nameOf(path).split(".").at(-1)?.toLowerCase() ?? ""
  const picture = PICTURES[ending]
  if (picture) return { kind: "picture", blob: new Blob([blob], { type: picture }) }
  const text = await textOf(blob)
  if (text === null) return { kind: "none" }
  const cells = ending === "ipynb" ? cellsOf(text) : null
  if (cells) return { kind: "notebook", cells }
  return text.length > MOST_TEXT ? { kind: "none" } : { kind: "text", text }
}

/** Null where it is no text. */
async function textOf(blob: Blob): Promise<string | null> {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await blob.arrayBuffer())
    return text.includes("\0") ? null : text
  } catch {
    return null
  }
}
