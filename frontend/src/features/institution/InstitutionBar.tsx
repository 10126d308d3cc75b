/** The institution's name, logo and links, and its announcements, at the top of every screen. */
import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { Notice } from "@/ui/feedback/Notice"
import { institution } from "./institution"
import styles from "./institution.module.css"

export function InstitutionBar() {
  const { t, i18n } = useTranslation()
  const { data } = useQuery(institution())
  if (!data) return null
  const { name, colour, logo, help_url: help, support_url: support, announcements } = data
  const isNamed = Boolean(name || logo || help || support)
  const inFrench = i18n.language.startsWith("fr")
  return (
    <>
      {colour && <div className={styles.band} style={{ background: colour }} aria-hidden />}
      {isNamed && (
        <aside className={styles.bar} aria-label={name || t("institution.title")}>
          {logo && (
            <img className={styles.logo} src={logo} alt={name ? "" : t("institution.logo")} />
          )}
          {name && <span className={styles.name}>{name}</span>}
          <span className={styles.links}>
            {help && (
              <a href={help} target="_blank" rel="noopener noreferrer">
                {t("institution.help")}
              </a>
            )}
            {support && (
              <a href={support} target="_blank" rel="noopener noreferrer">
                {t("institution.support")}
              </a>
            )}
          </span>
        </aside>
      )}
      {announcements.length > 0 && (
        <section className={styles.announcements} aria-label={t("institution.announcements")}>
          {announcements.map((text) => (
            <Notice
              key={text.text_en}
              tone={text.important ? "warn" : "info"}
              title={inFrench ? text.text_fr : text.text_en}
            />
          ))}
        </section>
      )}
    </>
  )
}
