/** Choosing an entry of the catalogue, or none, as one group of radio buttons. */
import { useId } from "react"
import { useTranslation } from "react-i18next"
import type { CatalogueEntry } from "@/api/types"
import { EntrySummary } from "./CatalogueCards"
import styles from "./catalogue.module.css"

type Props = {
  entries: CatalogueEntry[]
  chosen: string | null
  onChoose: (entry: CatalogueEntry | null) => void
}

export function EntryChoice({ entries, chosen, onChoose }: Props) {
  const { t } = useTranslation()
  const name = useId()
  return (
    <fieldset className={styles.options}>
      <legend className="md-hidden">{t("catalogue.choose")}</legend>
      {entries.map((entry) => (
        <label key={entry.name} className={styles.option}>
          <input
            type="radio"
            name={name}
            checked={chosen === entry.name}
            disabled={entry.state !== "ready"}
            onChange={() => onChoose(entry)}
          />
          <EntrySummary entry={entry} />
        </label>
      ))}
      <label className={styles.option}>
        <input type="radio" name={name} checked={chosen === null} onChange={() => onChoose(null)} />
        <strong className={styles.title}>{t("catalogue.other")}</strong>
        <p className={styles.text}>{t("catalogue.otherText")}</p>
      </label>
    </fieldset>
  )
}
