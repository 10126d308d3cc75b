/** How full the work folder is; from 80 % on with what to do, announced politely. */
import { Progress } from "@mantine/core"
import { useTranslation } from "react-i18next"
import type { StudentWindow } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Notice } from "@/ui/feedback/Notice"
import styles from "../window.module.css"
import { LargestFiles } from "./LargestFiles"

const MIB = 1024 * 1024
const COLOURS = { fine: undefined, warning: "yellow", critical: "red", full: "red" } as const

/** From 80 % on: what to do. */
export function FolderWarning({ window }: { window: StudentWindow }) {
  const { t } = useTranslation()
  const { folder } = window
  // The region exists before its words, so that they are announced.
  return (
    <div role="status" aria-live="polite">
      {folder && folder.level !== "fine" && (
        <Notice
          polite
          tone={folder.level === "warning" ? "warn" : "bad"}
          title={t(`folder.${folder.level}`)}
        >
          {folder.by_files ? t("folder.deleteMany") : t("folder.delete")}
          {!folder.by_files && <LargestFiles courseId={window.course.id} />}
        </Notice>
      )}
    </div>
  )
}

export function FolderGauge({ window }: { window: StudentWindow }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { folder } = window
  if (!folder) return null
  const size = folder.by_files
    ? t("folder.files", {
        used: format.number(folder.used_files),
        allowed: format.number(folder.allowed_files),
      })
    : t("folder.used", {
        used: format.memory(folder.used_bytes / MIB),
        allowed: format.memory(folder.allowed_bytes / MIB),
      })
  return (
    <section className={styles.folder} aria-label={t("folder.title")}>
      <div className={styles.folderText}>
        <span>{t("folder.title")}</span>
        <span className={styles.folderSize}>{size}</span>
      </div>
      <Progress.Root size="sm">
        <Progress.Section
          value={share(folder)}
          color={COLOURS[folder.level]}
          aria-label={t("folder.title")}
        />
      </Progress.Root>
    </section>
  )
}

/** From 0 to 100: of the limit that is nearer. */
function share(folder: NonNullable<StudentWindow["folder"]>): number {
  const parts = folder.by_files
    ? [folder.used_files, folder.allowed_files]
    : [folder.used_bytes, folder.allowed_bytes]
  return Math.min(100, (100 * (parts[0] ?? 0)) / Math.max(1, parts[1] ?? 1))
}
