/** The whole window of a student as a teacher's form has it now: to look at, not to use. */
import { useMemo } from "react"
import { useTranslation } from "react-i18next"
import type { Connection, CourseDraft, Port, StudentWindow } from "@/api/types"
import { WindowContent } from "./WindowContent"
import styles from "./WindowPreview.module.css"
import type { useWindowAct } from "./window"

export type PreviewValues = Pick<
  CourseDraft,
  "title" | "description" | "ports" | "work_folder" | "show_username" | "show_password" | "window"
>

type Props = { values: PreviewValues }

const ORDER = ["web", "https", "vnc", "ssh", "tcp"]
const NAME = "strange_mcclintock"
const HOST = "labs.example.org"

export function WindowPreview({ values }: Props) {
  const { t } = useTranslation()
  const act = useMemo(() => actOfNobody(), [])
  const now = useMemo(() => new Date(), [])
  return (
    <figure className={styles.preview}>
      <figcaption>{t("window.preview")}</figcaption>
      <div className={styles.frame} inert>
        <div className={styles.page}>
          <WindowContent window={sampleWindow(values, now)} now={now} offset={0} act={act} />
        </div>
      </div>
    </figure>
  )
}

/** Nothing in a preview can be pressed. */
function actOfNobody(): ReturnType<typeof useWindowAct> {
  return { mutate: () => {}, isPending: false, isSuccess: false, verb: undefined, error: null }
}

function sampleWindow(values: PreviewValues, now: Date): StudentWindow {
  const at = now.toISOString()
  const showsName = values.show_username ?? true
  const showsPassword = values.show_password ?? true
  return {
    course: {
      id: "preview",
      title: values.title,
      description: values.description ?? "",
      saves_work: values.work_folder?.save ?? true,
      takes_submissions: false,
      work_path: values.work_folder?.path ?? "",
      show_username: showsName,
      show_password: showsPassword,
      tried: null,
    },
    session: null,
    now: at,
    state: "ready",
    since: at,
    version: 1,
    attempt: 1,
    progress: null,
    reason: null,
    opens_at: null,
    ends_at: null,
    end_reason: null,
    idle_stops_at: null,
    lease: {
      minutes: null,
      ends_at: null,
      hard_ends_at: null,
      renewable_until: null,
      notify: false,
      sound: false,
    },
    warn_at: [],
    connections: cards(values),
    links: (values.window?.links ?? []).map(({ title, url }, index) => ({
      index,
      title,
      scheme: url.split(":")[0] ?? "https",
    })),
    username: showsName ? NAME : null,
    has_password: showsPassword,
    last_logs: "",
    visits: [],
    messages: [],
    folder: null,
    can: ["open", "stop", "restart"],
  }
}

function cards({ ports, window }: PreviewValues): Connection[] {
  const hidden = window?.hidden_ports ?? []
  return (ports ?? [])
    .filter((port) => !hidden.includes(port.number))
    .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
    .map((port, index) => ({ ...wayTo(port), primary: index === 0 }))
}

function wayTo({ number, title, kind }: Port): Omit<Connection, "primary"> {
  const card = { port: number, title, kind, direct: false }
  if (kind === "web" || kind === "https" || kind === "vnc") return card
  if (kind === "ssh") {
    return { ...card, command: `ssh ${NAME}@${HOST}`, host: HOST, host_port: 22 }
  }
  return { ...card, host: HOST, host_port: number }
}
