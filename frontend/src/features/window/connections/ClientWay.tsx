/** A desktop's way for a VNC client of the person's own, folded away: the page is the quicker one. */
import { useTranslation } from "react-i18next"
import type { Connection } from "@/api/types"
import { CopyableCode } from "@/ui/text/CopyableCode"
import styles from "../window.module.css"

export function ClientWay({ connection }: { connection: Connection }) {
  const { t } = useTranslation()
  const { title, host, tunnel_command: tunnel } = connection
  if (!host) return null
  const address = `${host}:${connection.host_port}`
  return (
    <details className={styles.more}>
      <summary>{t("desktop.client")}</summary>
      <p>{tunnel ? t("direct.tunnelNote", { place: address }) : t("window.addressNote")}</p>
      <CopyableCode
        text={tunnel ?? address}
        label={tunnel ? t("window.sshCommand", { title }) : t("window.address", { title })}
        copy={tunnel ? t("window.copyCommand") : t("window.copyAddress")}
      />
      {tunnel && connection.fingerprint && (
        <p>{t("window.sshFingerprint", { fingerprint: connection.fingerprint })}</p>
      )}
      <p>{t("desktop.clientPassword")}</p>
    </details>
  )
}
