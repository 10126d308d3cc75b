/** Who did what to a platform, and when; never rewritten. */
import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import type { JournalLine } from "@/api/types"
import { useFormat } from "@/lib/format"
import type { platformsEn } from "@/locales/en/platforms"
import { Pager } from "@/ui/Pager"
import { ProblemNotice } from "@/ui/ProblemNotice"
import { Section } from "@/ui/Section"
import { JOURNAL_SIZE, journalOf } from "./platforms"
import styles from "./platforms.module.css"

type Props = { platformId: string; page: number; onPage: (page: number) => void }
type Kind = keyof (typeof platformsEn)["journal"]["kind"]

export function Journal({ platformId, page, onPage }: Props) {
  const { t } = useTranslation()
  const { data, error } = useQuery(journalOf(platformId, page))
  return (
    <Section title={t("platforms.journal.title")}>
      <ProblemNotice error={error} />
      <ol className={styles.rows}>
        {data?.items.map((line) => (
          <Line key={line.number} line={line} />
        ))}
      </ol>
      {data && <Pager page={page} pageSize={JOURNAL_SIZE} total={data.total} onPage={onPage} />}
    </Section>
  )
}

function Line({ line }: { line: JournalLine }) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const when = new Date(line.happened_at)
  const key = `platforms.journal.kind.${line.kind as Kind}` as const
  const known: boolean = i18n.exists(key)
  return (
    <li>
      <div>
        {known ? t(key) : line.kind}
        <p className={styles.dim}>{described(line.facts)}</p>
      </div>
      <span>{useActor(line)}</span>
      <span title={format.exact(when)}>{format.fromNow(when, new Date())}</span>
    </li>
  )
}

function useActor(line: JournalLine): string {
  const { t } = useTranslation()
  if (line.actor_name) return line.actor_name
  if (line.actor === "command") return t("platforms.journal.command")
  if (line.actor === "invitation") return t("platforms.journal.invitation")
  return t("platforms.journal.nobody")
}

function described(facts: JournalLine["facts"]): string {
  return Object.values(facts)
    .flat()
    .filter((value) => value !== null && value !== "")
    .join(" · ")
}
