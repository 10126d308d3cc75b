/** The way back, above the title. */
import { IconArrowLeft } from "@tabler/icons-react"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import styles from "./pools.module.css"

export function BackToMachines() {
  const { t } = useTranslation()
  return (
    <Link to="/dashboard/operate/nodes" className={styles.back}>
      <IconArrowLeft size={16} aria-hidden /> {t("pools.back")}
    </Link>
  )
}
