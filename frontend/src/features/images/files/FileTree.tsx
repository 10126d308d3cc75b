/** The tree of files: folders open and close; each entry has its acts. */
import { ActionIcon, Badge, Menu, UnstyledButton } from "@mantine/core"
import {
  IconChevronDown,
  IconChevronRight,
  IconDots,
  IconFile,
  IconLink,
} from "@tabler/icons-react"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { sizeOf } from "@/lib/sizes"
import type { ContextFile } from "./context"
import styles from "./files.module.css"

/** Above this, folders are closed at first: a tree of thousands of rows is slow and says little. */
const OPEN_BELOW = 60

type Props = {
  entries: ContextFile[]
  mayEdit: boolean
  onView: (path: string) => void
  onDownload: (path: string) => void
  onReplace: (path: string) => void
  onRemove: (path: string) => void
}

export function FileTree({ entries, ...acts }: Props) {
  const { t } = useTranslation()
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set())
  const areOpen = entries.length < OPEN_BELOW
  const isOpen = (path: string) => toggled.has(path) !== areOpen

  function toggle(path: string) {
    const next = new Set(toggled)
    if (!next.delete(path)) next.add(path)
    setToggled(next)
  }

  const rows = entries.filter((entry) => parentsOf(entry.path).every(isOpen))
  return (
    <ul className={styles.tree} aria-label={t("image.files.title")}>
      {rows.map((entry) => (
        <li
          key={entry.path}
          className={styles.row}
          data-ignored={entry.ignored || undefined}
          style={{ paddingInlineStart: 8 + 20 * parentsOf(entry.path).length }}
        >
          {entry.kind === "folder" ? (
            <UnstyledButton
              className={styles.name}
              aria-expanded={isOpen(entry.path)}
              onClick={() => toggle(entry.path)}
            >
              {isOpen(entry.path) ? (
                <IconChevronDown size={16} aria-hidden />
              ) : (
                <IconChevronRight size={16} aria-hidden />
              )}
              {nameOf(entry.path)}/
            </UnstyledButton>
          ) : (
            <Leaf entry={entry} onView={acts.onView} />
          )}
          {entry.ignored && (
            <Badge variant="default" size="sm">
              {t("image.files.ignored")}
            </Badge>
          )}
          <Size bytes={entry.size} />
          <Acts entry={entry} {...acts} />
        </li>
      ))}
    </ul>
  )
}

function Leaf({ entry, onView }: { entry: ContextFile; onView: (path: string) => void }) {
  if (entry.kind === "link") {
    return (
      <span className={styles.name}>
        <IconLink size={16} aria-hidden /> {nameOf(entry.path)} → {entry.target}
      </span>
    )
  }
  return (
    <UnstyledButton className={styles.name} onClick={() => onView(entry.path)}>
      <IconFile size={16} aria-hidden /> {nameOf(entry.path)}
      {entry.executable && "*"}
    </UnstyledButton>
  )
}

function Size({ bytes }: { bytes: number }) {
  const { i18n } = useTranslation()
  return <span className={styles.size}>{sizeOf(bytes, i18n.language)}</span>
}

function Acts({ entry, ...props }: { entry: ContextFile } & Omit<Props, "entries">) {
  const { t } = useTranslation()
  const { path, kind } = entry
  if (kind !== "file" && !props.mayEdit) return null
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={t("app.actionsOf", { name: path })}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {kind === "file" && (
          <>
            <Menu.Item onClick={() => props.onView(path)}>{t("image.files.view")}</Menu.Item>
            <Menu.Item onClick={() => props.onDownload(path)}>
              {t("image.files.download")}
            </Menu.Item>
            {props.mayEdit && (
              <Menu.Item onClick={() => props.onReplace(path)}>
                {t("image.files.replace")}
              </Menu.Item>
            )}
          </>
        )}
        {props.mayEdit && (
          <Menu.Item onClick={() => props.onRemove(path)}>{t("image.files.remove")}</Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

function parentsOf(path: string): string[] {
  const parts = path.split("/")
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"))
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1)
}
