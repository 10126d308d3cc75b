/** What a person is beyond a student, as icons and words. */
import { useTranslation } from "react-i18next"
import type { PersonEntry } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Status } from "@/ui/feedback/Status"
import table from "@/ui/list/table.module.css"
import styles from "./people.module.css"

export function PersonRights({ person }: { person: PersonEntry }) {
  const { t } = useTranslation()
  const format = useFormat()
  const ago = (moment: string) => format.fromNow(new Date(moment), new Date())
  if (person.disabled_at) {
    const said = { when: ago(person.disabled_at), reason: person.disabled_reason ?? "" }
    return (
      <>
        <Status tone="bad">{t("people.word.disabled")}</Status>
        <div className={table.under}>{t("people.disabledWhy", said)}</div>
      </>
    )
  }
  const builds = person.build_approval === "approved" && !person.operates
  const asks = person.build_approval === "asked"
  const none = !person.operates && !person.teaches && !builds && !asks
  return (
    <div className={styles.rights}>
      {person.operates && <Status tone="info">{t("people.word.operator")}</Status>}
      {person.teaches && <span>{t("people.word.teacher")}</span>}
      {builds && <Status tone="ok">{t("people.word.builder")}</Status>}
      {asks && (
        <span>
          <Status tone="warn">{t("people.word.asks")}</Status>
          {person.build_asked_at && (
            <span className={table.under}>
              {" "}
              {t("people.asked", { when: ago(person.build_asked_at) })}
            </span>
          )}
        </span>
      )}
      {none && <span className={table.under}>{t("people.word.none")}</span>}
    </div>
  )
}
