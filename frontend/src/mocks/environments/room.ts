/** A class at work, for working on the live room. */
import { HttpResponse } from "msw"
import type { components } from "@/api/schema"
import type { Room, RoomPerson } from "@/api/types"
import { courseOf, uuid } from "@/mocks/db"
import { fake } from "@/mocks/fake"

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const NAMES = ["Ada", "Bruno", "Chloé", "Dina", "Émile", "Farid", "Grace", "Hugo", "Inès", "Jules"]
const FAMILIES = ["Martin", "Petit", "Benali", "Keller", "Durand", "Haddad"]

type DoneForOthers = components["schemas"]["DoneForOthers"]
type Facts = Partial<RoomPerson>

function student(number: number, facts: Facts): RoomPerson {
  return {
    key: `u${number}`,
    user_id: uuid(9, number),
    name: `${NAMES[number % NAMES.length]} ${FAMILIES[number % FAMILIES.length]}`,
    role: "student",
    came: true,
    phase: null,
    step: null,
    step_number: 0,
    since: null,
    asked_at: null,
    ready_at: null,
    ends_at: null,
    node: null,
    resources: null,
    usage: null,
    reason: null,
    restarts: 0,
    extra_minutes: number === 7 ? 40 : 0,
    attention: null,
    ports: [],
    can: ["start", "message"],
    ...facts,
  }
}

const ready = (number: number): RoomPerson =>
  student(number, {
    phase: "ready",
    since: ago(number),
    asked_at: ago(number + 1),
    ready_at: ago(number),
    ends_at: ago(-55),
    node: `server-${1 + (number % 3)}`,
    resources: { cpu: 1, memory_mib: 2048, gpu: 0, pids: 512 },
    usage: { cpu: (number % 9) / 10, memory_mib: 300 + number * 20, measured_at: ago(0.1) },
    ports: [{ title: "JupyterLab", kind: "web", number: 8888, required: true }],
    can: ["stop", "restart", "read_logs", "extend", "open", "message"],
  })

const SPECIAL: RoomPerson[] = [
  student(1, {
    phase: "failed",
    since: ago(3),
    asked_at: ago(4),
    node: "server-2",
    attention: "failed",
    reason: {
      code: "port_silent",
      parameters: { port: 8888 },
      detail: "",
      reference: "K7F3-9QD2",
    },
    can: ["start", "read_logs", "message"],
  }),
  student(2, {
    phase: "queued",
    since: ago(5),
    asked_at: ago(5),
    attention: "long_wait",
    reason: { code: "no_room", detail: "" },
    can: ["stop", "read_logs", "message"],
  }),
  student(3, {
    phase: "starting",
    step: "preparing",
    step_number: 5,
    since: ago(0.3),
    asked_at: ago(0.5),
    node: "server-1",
    can: ["stop", "read_logs", "message"],
  }),
  student(4, {}),
  student(5, { came: false, user_id: null, can: [] }),
]

export function roomFor(courseId: string, size = 24): Room {
  const others = Array.from({ length: Math.max(0, size - 5) }, (_, index) => ready(index + 6))
  return {
    session: courseOf(courseId)?.sessions[0] ?? null,
    now: new Date().toISOString(),
    people: [...SPECIAL, ...others],
    total: size,
    usual_seconds: 12,
    roster: "known",
    roster_at: ago(4),
    elsewhere: 0,
  }
}

const done = () => HttpResponse.json<DoneForOthers>({ done: 1, refused: [] }, { status: 202 })

export const roomHandlers = [
  fake.get("/api/courses/{course_id}/room", ({ params }) =>
    HttpResponse.json(roomFor(String(params.course_id))),
  ),
  fake.post("/api/courses/{course_id}/room/start", done),
  fake.post("/api/courses/{course_id}/room/restart", done),
  fake.post("/api/courses/{course_id}/room/extend", done),
  fake.post("/api/courses/{course_id}/room/messages", done),
  fake.get("/api/courses/{course_id}/room/people/{user_id}/logs", () =>
    HttpResponse.json({ text: "[I 14:02:11] Serving at port 8888\n[W 14:02:15] Slow kernel\n" }),
  ),
]
