/** Entries of the catalogue as cards; the caller says what can be done with one. */
import {
  IconBriefcase,
  IconChartHistogram,
  IconCode,
  IconDatabase,
  IconDeviceDesktop,
  IconLock,
  IconMathFunction,
  IconNotebook,
  IconTerminal2,
} from "@tabler/icons-react"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import type { CatalogueEntry } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Status } from "@/ui/feedback/Status"
import type { Tone } from "@/ui/feedback/tones"
import styles from "./catalogue.module.css"

const ICONS: Record<CatalogueEntry["icon"], typeof IconCode> = {
  briefcase: IconBriefcase,
  chart: IconChartHistogram,
  code: IconCode,
  database: IconDatabase,
  desktop: IconDeviceDesktop,
  lock: IconLock,
  math: IconMathFunction,
  notebook: IconNotebook,
  terminal: IconTerminal2,
}
const TONES: Record<CatalogueEntry["state"], Tone> = {
  ready: "ok",
  preparing: "info",
  failed: "warn",
  copy_only: "still",
}

export function useEntryTitle() {
  const { i18n } = useTranslation()
  const language = i18n.language === "fr" ? "fr" : "en"
  return (entry: CatalogueEntry) => ({
    title: entry.title[language],
    description: entry.description[language],
  })
}

type Props = {
  entries: CatalogueEntry[]
  /** Level of the headings of the cards. */
  level: 2 | 3
  actions: (entry: CatalogueEntry) => ReactNode
}

export function CatalogueCards({ entries, level, actions }: Props) {
  return (
    <ul className={styles.cards}>
      {entries.map((entry) => (
        <li key={entry.name} className={styles.card}>
          <EntrySummary entry={entry} level={level} />
          <div className={styles.actions}>{actions(entry)}</div>
        </li>
      ))}
    </ul>
  )
}

export function EntrySummary({ entry, level }: { entry: CatalogueEntry; level?: 2 | 3 }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { title, description } = useEntryTitle()(entry)
  const Icon = ICONS[entry.icon]
  const Title = level ? (`h${level}` as const) : "strong"
  const { cpu, memory_mib } = entry.resources
  return (
    <>
      <div className={styles.head}>
        <span className={styles.icon}>
          <Icon size={26} stroke={1.6} aria-hidden />
        </span>
        <div>
          <Title className={styles.title}>{title}</Title>
          <EntryStateLabel entry={entry} />
        </div>
      </div>
      <p className={styles.text}>{description}</p>
      <p className={styles.facts}>
        {entry.ports.map((port) => t(`port.kind.${port.kind}`)).join(" · ")}
        <br />
        {t("catalogue.needs", {
          cpu: format.number(cpu ?? 0.5),
          memory: format.memory(memory_mib ?? 512),
        })}
      </p>
    </>
  )
}

export function EntryStateLabel({ entry }: { entry: CatalogueEntry }) {
  const { t } = useTranslation()
  const { step, steps, phase } = entry.last_build ?? {}
  const shown = entry.state === "preparing" && phase === "building" && step && steps
  return (
    <Status tone={TONES[entry.state]}>
      {t(`catalogue.state.${entry.state}`)}
      {shown ? ` · ${t("build.step", { step, steps })}` : ""}
    </Status>
  )
}
