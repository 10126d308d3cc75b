/** The newest entries from a platform that were refused, and the way to all of them. */
import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { Section } from "@/ui/page/Section"
import { Ago } from "@/ui/text/Ago"
import { lastRefusalsOf } from "../platforms"
import styles from "../platforms.module.css"

export function LastRefusals({ platformId }: { platformId: string }) {
  const { t } = useTranslation()
  const { data, error } = useQuery(lastRefusalsOf(platformId))
  const now = new Date()
  return (
    <Section title={t("platforms.refused.title")}>
      <ProblemNotice error={error} />
      {data?.total === 0 && <p className={styles.dim}>{t("platforms.refused.none")}</p>}
      {data && data.total > 0 && (
        <>
          <ul className={styles.rows}>
            {data.items.map((entry) => (
              <li key={entry.reference}>
                <code>{entry.reason}</code>
                <code>{entry.reference}</code>
                <Ago at={entry.refused_at} now={now} />
              </li>
            ))}
          </ul>
          <p className={styles.plain}>
            <Link to="/dashboard/operate/refusals" search={{ platform: platformId }}>
              {t("platforms.refused.all", { count: data.total })}
            </Link>
          </p>
        </>
      )}
    </Section>
  )
}
