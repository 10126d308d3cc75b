/** What a page shows while its data is on the way: nothing at first, then a sentence. */
import { useTranslation } from "react-i18next"
import styles from "./Patience.module.css"

export function Patience({ text }: { text?: string }) {
  const { t } = useTranslation()
  return (
    <div className={styles.patience} role="status">
      <span>{text ?? t("app.loading")}</span>
    </div>
  )
}
