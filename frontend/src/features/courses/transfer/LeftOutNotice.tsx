/** Settings of a file that this platform does not give. */
import { useTranslation } from "react-i18next"
import { Notice } from "@/ui/feedback/Notice"
import type { ImportCheck } from "./courseFiles"
import styles from "./transfer.module.css"

const FIELDS = {
  external_image: "external",
  "resources.pool": "pool",
  "resources.cpu": "cpu",
  "resources.memory_mib": "memory",
  "resources.gpu": "gpu",
  "work_folder.size_mib": "folder",
  "lease.minutes": "lease",
  "lease.hard_limit_minutes": "limit",
} as const
const isKnown = (field: string): field is keyof typeof FIELDS => field in FIELDS

export function LeftOutNotice({ items }: { items: ImportCheck["left_out"] }) {
  const { t } = useTranslation()
  if (items.length === 0) return null
  return (
    <Notice tone="warn" title={t("courseFile.leftOut")}>
      <ul className={styles.list}>
        {items.map(({ field, value }) => (
          <li key={field}>
            {isKnown(field)
              ? t(`courseFile.field.${FIELDS[field]}`, { value })
              : t("courseFile.field.other", { field, value })}
          </li>
        ))}
      </ul>
    </Notice>
  )
}
