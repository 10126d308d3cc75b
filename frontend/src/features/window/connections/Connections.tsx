/** One card for each way into the environment, the most useful first. */
import { Button } from "@mantine/core"
import {
  IconDeviceDesktop,
  IconExternalLink,
  IconPlug,
  IconTerminal2,
  IconWorld,
} from "@tabler/icons-react"
import { useMutation } from "@tanstack/react-query"
import type { TFunction } from "i18next"
import { type ReactNode, useRef } from "react"
import { useTranslation } from "react-i18next"
import type { Connection, StudentWindow } from "@/api/types"
import { selectContents } from "@/lib/clipboard"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { CopyButton } from "@/ui/text/CopyButton"
import type { useWindowAct } from "../window"
import styles from "../window.module.css"
import { ClientWay } from "./ClientWay"
import { CredentialsCard } from "./CredentialsCard"
import { LinkCard } from "./LinkCard"
import { openPort } from "./openPort"
import { SshMore } from "./SshMore"

const ICONS = {
  web: IconWorld,
  https: IconWorld,
  ssh: IconTerminal2,
  vnc: IconDeviceDesktop,
  tcp: IconPlug,
}

type Props = {
  window: StudentWindow
  act: ReturnType<typeof useWindowAct>
  /** The path that a join link brought, for the teacher's links. */
  userRedirect?: string
}

export function Connections({ window, act, userRedirect }: Props) {
  const { t } = useTranslation()
  const cards = [...window.connections].sort((a, b) => Number(b.primary) - Number(a.primary))
  const shown = window.course.show_username || window.course.show_password
  return (
    <section className={styles.cards} aria-label={t("window.connections")}>
      {cards.map((connection) => (
        <Card key={connection.port} connection={connection}>
          {opensHere(connection) ? (
            <WebAct window={window} connection={connection} />
          ) : (
            <CopyCommand connection={connection} courseId={window.course.id} />
          )}
        </Card>
      ))}
      {window.links.map((link) => (
        <LinkCard
          key={link.index}
          courseId={window.course.id}
          link={link}
          userRedirect={userRedirect ?? ""}
        />
      ))}
      {shown && (window.username || window.has_password) && (
        <CredentialsCard window={window} act={act} />
      )}
    </section>
  )
}

/** Whether the browser shows it: a page of the environment's, or its desktop in one of ours. */
function opensHere({ kind }: Connection): boolean {
  return kind === "web" || kind === "https" || kind === "vnc"
}

/** What to do with what the card shows. */
function noteOf(connection: Connection, t: TFunction): string {
  if (opensHere(connection)) return t("window.openNote")
  if (connection.kind === "ssh") return t("window.sshNote")
  if (!connection.host) return t("direct.insideNote")
  const address = `${connection.host}:${connection.host_port}`
  return connection.tunnel_command
    ? t("direct.tunnelNote", { place: address })
    : t("window.addressNote")
}

function Card({ connection, children }: { connection: Connection; children: ReactNode }) {
  const { t } = useTranslation()
  const KindIcon = ICONS[connection.kind]
  return (
    <article className={styles.card} aria-label={connection.title} data-kind={connection.kind}>
      <KindIcon className={styles.cardIcon} size={24} stroke={1.7} aria-hidden />
      <div className={styles.cardText}>
        <h3 className={styles.cardTitle}>{connection.title}</h3>
        <p className={styles.cardNote}>{noteOf(connection, t)}</p>
      </div>
      {children}
    </article>
  )
}

function WebAct({ window, connection }: { window: StudentWindow; connection: Connection }) {
  const { t } = useTranslation()
  const open = useMutation({
    mutationFn: () =>
      openPort(
        window.course.id,
        connection.port,
        t("window.openingTab", { title: connection.title }),
      ),
  })
  return (
    <>
      <Button
        className={styles.cardAct}
        size="md"
        variant={connection.primary ? "filled" : "default"}
        disabled={!window.can.includes("open")}
        rightSection={<IconExternalLink size={18} aria-hidden />}
        loading={open.isPending}
        onClick={() => open.mutate()}
      >
        {t("window.open", { title: connection.title })}
      </Button>
      {open.error && (
        <div className={styles.wide}>
          <ProblemNotice error={open.error} />
        </div>
      )}
      {connection.kind === "vnc" && <ClientWay connection={connection} />}
    </>
  )
}

function CopyCommand({ connection, courseId }: { connection: Connection; courseId: string }) {
  const { t } = useTranslation()
  const shown = useRef<HTMLElement>(null)
  const ssh = connection.kind === "ssh"
  const command = connection.command ?? connection.tunnel_command
  if (!command && !connection.host) return null
  const text = command ?? `${connection.host}:${connection.host_port}`
  return (
    <div className={styles.copyLine}>
      <code
        ref={shown}
        className={styles.code}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a line that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={
          command
            ? t("window.sshCommand", { title: connection.title })
            : t("window.address", { title: connection.title })
        }
        role="group"
      >
        {text}
      </code>
      <CopyButton
        label={command ? t("window.copyCommand") : t("window.copyAddress")}
        text={() => text}
        onRefused={() => selectContents(shown.current)}
      />
      {connection.fingerprint && (
        <p className={styles.cardNote}>
          {t("window.sshFingerprint", { fingerprint: connection.fingerprint })}
        </p>
      )}
      {ssh && <SshMore connection={connection} courseId={courseId} />}
    </div>
  )
}
