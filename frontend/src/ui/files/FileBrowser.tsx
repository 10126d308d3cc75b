/** A folder as a tree: folders open one by one, files are shown, what is chosen is downloaded. */
import { Button, Checkbox, Menu, UnstyledButton } from "@mantine/core"
import {
  IconChevronDown,
  IconChevronRight,
  IconDownload,
  IconFile,
  IconLink,
} from "@tabler/icons-react"
import { useMutation, useQuery } from "@tanstack/react-query"
import { type ReactNode, useState } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "@/lib/format"
import { sizeOf } from "@/lib/sizes"
import { Patience } from "@/ui/feedback/Patience"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { FilePreview } from "./FilePreview"
import { type ArchiveFormat, type FileEntry, type FileSource, pathOf, saveFrom } from "./files"
import styles from "./files.module.css"

type Props = {
  source: FileSource
  /** Beside *Download*, for what is chosen. */
  acts?: (chosen: string[]) => ReactNode
}

export function FileBrowser({ source, acts }: Props) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [viewed, setViewed] = useState<string | null>(null)
  const paths = [...chosen]
  const download = useMutation({
    mutationFn: (format: ArchiveFormat) => source.addressOf(paths, format),
    onSuccess: saveFrom,
  })
  const choose = (path: string, is: boolean) =>
    setChosen((old) => {
      const next = new Set(old)
      if (is) next.add(path)
      else next.delete(path)
      return next
    })
  return (
    <>
      <div className={styles.bar}>
        <span role="status">{paths.length > 0 && t("files.chosen", { count: paths.length })}</span>
        <span>
          {acts?.(paths)}{" "}
          <Menu position="bottom-end">
            <Menu.Target>
              <Button
                variant="default"
                leftSection={<IconDownload size={17} aria-hidden />}
                loading={download.isPending}
              >
                {t(paths.length ? "files.downloadChosen" : "files.downloadAll")}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => download.mutate("zip")}>{t("files.asZip")}</Menu.Item>
              <Menu.Item onClick={() => download.mutate("tar.gz")}>{t("files.asTar")}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </span>
      </div>
      <ProblemNotice error={download.error} />
      <ul className={styles.tree} aria-label={t("files.title")}>
        <Entries source={source} path="" chosen={chosen} onChoose={choose} onView={setViewed} />
      </ul>
      {viewed !== null && (
        <FilePreview source={source} path={viewed} onClose={() => setViewed(null)} />
      )}
    </>
  )
}

type Acts = {
  source: FileSource
  chosen: ReadonlySet<string>
  onChoose: (path: string, is: boolean) => void
  onView: (path: string) => void
}

/** The rows of one folder, with those of the folders that are open in it. */
function Entries({ path, depth = 0, ...acts }: Acts & { path: string; depth?: number }) {
  const { t } = useTranslation()
  const folder = useQuery({
    queryKey: ["files", ...acts.source.key, path],
    queryFn: () => acts.source.list(path),
    staleTime: 0,
  })
  if (folder.error) {
    return (
      <li className={styles.note}>
        <ProblemNotice error={folder.error} />
      </li>
    )
  }
  if (!folder.data) {
    return (
      <li className={styles.note}>
        <Patience />
      </li>
    )
  }
  const { entries, truncated } = folder.data
  return (
    <>
      {entries.length === 0 && <li className={styles.note}>{t("files.empty")}</li>}
      {entries.map((entry) => (
        <Row key={entry.name} entry={entry} folder={path} depth={depth} {...acts} />
      ))}
      {truncated && <li className={styles.note}>{t("files.truncated")}</li>}
    </>
  )
}

function Row(props: Acts & { entry: FileEntry; folder: string; depth: number }) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const { entry, folder, depth, ...acts } = props
  const [open, setOpen] = useState(false)
  const path = pathOf(folder, entry.name)
  const changed = new Date(entry.modified_at)
  return (
    <>
      <li className={styles.row} style={{ paddingInlineStart: 8 + 20 * Math.min(depth, 12) }}>
        <Checkbox
          size="xs"
          aria-label={t("files.choose", { name: path })}
          checked={acts.chosen.has(path)}
          onChange={(event) => acts.onChoose(path, event.currentTarget.checked)}
        />
        {entry.kind === "folder" && (
          <UnstyledButton
            className={styles.name}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {open ? (
              <IconChevronDown size={16} aria-hidden />
            ) : (
              <IconChevronRight size={16} aria-hidden />
            )}
            {entry.name}/
          </UnstyledButton>
        )}
        {entry.kind === "file" && (
          <UnstyledButton className={styles.name} onClick={() => acts.onView(path)}>
            <IconFile size={16} aria-hidden /> {entry.name}
          </UnstyledButton>
        )}
        {(entry.kind === "link" || entry.kind === "other") && (
          <span className={styles.name}>
            <IconLink size={16} aria-hidden /> {entry.name}
          </span>
        )}
        {entry.kind === "file" && (
          <span className={styles.size}>{sizeOf(entry.bytes, i18n.language)}</span>
        )}
        <span className={styles.when} title={format.exact(changed)}>
          {format.dateTime(changed)}
        </span>
      </li>
      {open && <Entries path={path} depth={depth + 1} {...acts} />}
    </>
  )
}
