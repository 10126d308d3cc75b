/** What an operator copies into the platform's form, in the words of Moodle's. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { Section } from "@/ui/page/Section"
import { CopyRow } from "../CopyRow"
import { toolAddresses } from "../platforms"
import styles from "../platforms.module.css"

export function OurAddresses() {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(toolAddresses())
  const name = (key: "tool" | "keys" | "login" | "redirect" | "content" | "icon") =>
    t(`platforms.ours.${key}`)
  return (
    <Section title={t("platforms.ours.title")} text={t("platforms.ours.text")}>
      <dl className={styles.addresses}>
        <CopyRow name={name("tool")} value={data.tool_url} />
        <CopyRow name={name("keys")} value={data.key_set_url} note={t("platforms.ours.keysNote")} />
        <CopyRow name={name("login")} value={data.login_url} />
        <CopyRow name={name("redirect")} value={data.redirect_url} />
        <CopyRow
          name={name("content")}
          value={data.deep_linking_url}
          note={t("platforms.ours.contentNote")}
        />
        <CopyRow name={name("icon")} value={data.icon_url} />
      </dl>
      <p className={styles.dim}>{t("platforms.ours.rest")}</p>
    </Section>
  )
}
