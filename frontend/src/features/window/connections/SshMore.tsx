/** What else an SSH card can do: VS Code, tunnels, files, keys. Folded away until it is wanted. */
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { Connection } from "@/api/types"
import { CopyableCode } from "@/ui/text/CopyableCode"
import styles from "./SshMore.module.css"
import { configLines, copyCommand, nameOf, tunnelCommand, wayOf } from "./sshCommands"

export function SshMore({ connection, courseId }: { connection: Connection; courseId: string }) {
  const { t } = useTranslation()
  const way = wayOf(connection)
  if (!way) return null
  return (
    <details className={styles.more}>
      <summary>{t("sshKeys.more")}</summary>
      <h4>{t("sshKeys.vscode")}</h4>
      <p>{t("sshKeys.vscodeText", { name: nameOf(way) })}</p>
      <CopyableCode
        text={configLines(way)}
        label={t("sshKeys.vscode")}
        copy={t("sshKeys.vscodeCopy")}
      />
      <h4>{t("sshKeys.tunnel")}</h4>
      <p>{t("sshKeys.tunnelText")}</p>
      <CopyableCode
        text={tunnelCommand(way)}
        label={t("sshKeys.tunnel")}
        copy={t("sshKeys.copyCommand")}
      />
      <h4>{t("sshKeys.files")}</h4>
      <p>{t("sshKeys.filesText")}</p>
      <CopyableCode
        text={copyCommand(way)}
        label={t("sshKeys.files")}
        copy={t("sshKeys.copyCommand")}
      />
      {connection.bastion_command && (
        <>
          <h4>{t("direct.bastion")}</h4>
          <p>{t("direct.bastionText")}</p>
          <CopyableCode
            text={connection.bastion_command}
            label={t("direct.bastion")}
            copy={t("sshKeys.copyCommand")}
          />
        </>
      )}
      <h4>{t("sshKeys.withKeys")}</h4>
      <p>
        {connection.direct ? t("direct.withKeysText") : t("sshKeys.withKeysText")}{" "}
        <Link to="/account/keys" search={{ from: courseId }}>
          {t("sshKeys.withKeysLink")}
        </Link>
      </p>
    </details>
  )
}
