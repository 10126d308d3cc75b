/** Who did what to a platform, and when; never rewritten. */
import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import type { JournalEntry } from "@/api/types"
import type { platformsEn } from "@/locales/en/platforms"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { Pager } from "@/ui/list/Pager"
import { Section } from "@/ui/page/Section"
import { Ago } from "@/ui/text/Ago"
import { JOURNAL_SIZE, journalOf } from "../platforms"
import styles from "../platforms.module.css"

type Props = { platformId: string; page: number; onPage: (page: number) => void }
type Kind = keyof (typeof platformsEn)["journal"]["kind"]

export function Journal({ platformId, page, onPage }: Props) {
  const { t } = useTranslation()
  const { data, error } = useQuery(journalOf(platformId, page))
  return (
    <Section title={t("platforms.journal.title")}>
      <ProblemNotice error={error} />
      <ol className={styles.rows}>
        {data?.items.map((entry) => (
          <Entry key={entry.number} entry={entry} />
        ))}
      </ol>
      {data && <Pager page={page} pageSize={JOURNAL_SIZE} total={data.total} onPage={onPage} />}
    </Section>
  )
}

function Entry({ entry }: { entry: JournalEntry }) {
  const { t, i18n } = useTranslation()
  const key = `platforms.journal.kind.${entry.kind as Kind}` as const
  const known: boolean = i18n.exists(key)
  return (
    <li>
      <div>
        {known ? t(key) : entry.kind}
        <p className={styles.dim}>{described(entry.facts)}</p>
      </div>
      <span>{useActor(entry)}</span>
      <Ago at={entry.happened_at} now={new Date()} />
    </li>
  )
}

function useActor(entry: JournalEntry): string {
  const { t } = useTranslation()
  if (entry.actor_name) return entry.actor_name
  if (entry.actor === "command") return t("platforms.journal.command")
  if (entry.actor === "invitation") return t("platforms.journal.invitation")
  return t("platforms.journal.nobody")
}

function described(facts: JournalEntry["facts"]): string {
  return Object.values(facts)
    .flat()
    .filter((value) => value !== null && value !== "")
    .join(" · ")
}
