/** The student's window of the fake campus. */
import type { Connection, StudentWindow, WindowCan, WindowState } from "@/api/types"
import { type KeptCourse, tried } from "@/mocks/db"
import { environmentOf } from "./states"

const ALIVE: WindowState[] = ["queued", "starting", "ready"]

export function windowFor(course: KeptCourse): StudentWindow {
  const environment = environmentOf(course.id)
  const session =
    course.sessions.find((planned) => planned.state === "running") ??
    course.sessions.find((planned) => planned.state === "upcoming") ??
    course.sessions.at(-1) ??
    null
  const waiting =
    environment.state === "not_started" &&
    session !== null &&
    new Date(session.starts_at).getTime() > Date.now()
  const state = waiting ? "not_open_yet" : environment.state
  const ends = environment.ends_at
  return {
    course: {
      id: course.id,
      title: course.title,
      description: course.description ?? "",
      saves_work: course.work_folder?.save ?? true,
      takes_submissions: course.submissions?.allowed ?? false,
      work_path: course.work_folder?.path ?? "/home/student/work",
      show_username: course.show_username ?? true,
      show_password: course.show_password ?? true,
      tried: tried.get(course.id) ?? null,
    },
    session,
    now: new Date().toISOString(),
    state,
    since: environment.since,
    version: environment.version,
    attempt: environment.attempt,
    progress: environment.progress,
    reason: environment.reason,
    opens_at: waiting ? session.starts_at : null,
    ends_at: ends,
    end_reason: ends ? "session_over" : null,
    idle_stops_at: null,
    lease: {
      minutes: course.lease?.minutes ?? null,
      ends_at: null,
      hard_ends_at: null,
      renewable_until: null,
      notify: course.lease?.notify ?? true,
      sound: course.lease?.sound ?? true,
    },
    warn_at: ends
      ? [5, 1].map((m) => new Date(new Date(ends).getTime() - m * 60_000).toISOString())
      : [],
    connections: state === "ready" ? connectionsOf(course) : [],
    links:
      state === "ready"
        ? (course.window?.links ?? []).map(({ title, url }, index) => ({
            index,
            title,
            scheme: url.split(":")[0] ?? "https",
          }))
        : [],
    username: state === "ready" ? "strange_mcclintock" : null,
    has_password: state === "ready",
    last_logs: environment.last_logs,
    visits: [],
    messages: [],
    folder: environment.folder ?? null,
    can: allowed(state).filter((right) => right !== "edit_course" || !tried.has(course.id)),
  }
}

function allowed(state: WindowState): WindowCan[] {
  const can: WindowCan[] = ["edit_course"]
  if (["not_started", "stopped", "failed"].includes(state)) can.push("start")
  if (["queued", "starting"].includes(state)) can.push("cancel")
  if (state === "ready") can.push("open", "stop", "restart")
  if (ALIVE.includes(state) || state === "failed") can.push("read_logs")
  return can
}

function connectionsOf(course: KeptCourse): Connection[] {
  const hidden = course.window?.hidden_ports ?? []
  const ports = (course.ports ?? []).filter((port) => !hidden.includes(port.number))
  const primary = ports.find((port) => port.kind === "web") ?? ports[0]
  return ports.map((port) => ({
    port: port.number,
    title: port.title,
    kind: port.kind,
    primary: port === primary,
    direct: false,
    command: port.kind === "ssh" ? "ssh -p 2222 strange_mcclintock@ssh.mydocker.example.edu" : null,
    host: port.kind === "web" ? null : "ssh.mydocker.example.edu",
    host_port: port.kind === "web" ? null : 32781,
  }))
}
