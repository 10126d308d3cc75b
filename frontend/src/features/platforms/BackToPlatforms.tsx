/** The way back, above the title. */
import { IconArrowLeft } from "@tabler/icons-react"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import styles from "./platforms.module.css"

export function BackToPlatforms() {
  const { t } = useTranslation()
  return (
    <Link to="/dashboard/operate/platforms" className={styles.back}>
      <IconArrowLeft size={16} aria-hidden /> {t("nav.platforms")}
    </Link>
  )
}
