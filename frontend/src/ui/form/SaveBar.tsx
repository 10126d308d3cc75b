/** The end of a form: its one button, and what became of it. */
import { Button } from "@mantine/core"
import { IconCheck } from "@tabler/icons-react"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { useReadOnly } from "./EditableOnly"
import styles from "./SaveBar.module.css"

type Props = { dirty: boolean; saving: boolean; saved: boolean; label?: string; extra?: ReactNode }

export function SaveBar({ dirty, saving, saved, label, extra }: Props) {
  const { t } = useTranslation()
  if (useReadOnly()) return null
  return (
    <div className={styles.bar} data-dirty={dirty || undefined}>
      <span role="status" className={styles.said}>
        {dirty && !saving && t("app.unsaved")}
        {saved && !dirty && (
          <>
            <IconCheck size={16} aria-hidden /> {t("app.saved")}
          </>
        )}
      </span>
      {extra}
      <Button type="submit" loading={saving}>
        {label ?? t("app.save")}
      </Button>
    </div>
  )
}
