/** A value under the name that the other side's form has for it, to copy. */
import { useRef } from "react"
import { useTranslation } from "react-i18next"
import { selectContents } from "@/lib/clipboard"
import { CopyButton } from "@/ui/text/CopyButton"
import styles from "./platforms.module.css"

export function CopyRow({ name, value, note }: { name: string; value: string; note?: string }) {
  const { t } = useTranslation()
  const shown = useRef<HTMLElement>(null)
  return (
    <div className={styles.address}>
      <dt>{name}</dt>
      <dd>
        <code ref={shown}>{value}</code>
        {note && <p className={styles.dim}>{note}</p>}
      </dd>
      <dd>
        <CopyButton
          label={t("platforms.copy", { name })}
          text={() => value}
          onRefused={() => selectContents(shown.current)}
        />
      </dd>
    </div>
  )
}
