/** Environments of all Courses, for working on the page. */
import { HttpResponse } from "msw"
import type { EnvironmentDetail, EnvironmentEntry } from "@/api/types"
import { missing } from "@/mocks/answers"
import { courses, uuid } from "@/mocks/db"
import { fake } from "@/mocks/fake"

type Facts = Partial<EnvironmentEntry> & Pick<EnvironmentEntry, "phase">

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

function entry(number: number, name: string, facts: Facts): EnvironmentEntry {
  const course = courses[number % courses.length]
  return {
    id: uuid(12, number),
    course: { id: course?.id ?? uuid(1, 1), title: course?.title ?? "" },
    owner: { id: uuid(9, number), name },
    username: `${name.toLowerCase().replaceAll(/\W+/g, "_")}`,
    step: null,
    since: minutesAgo(number * 4),
    asked_at: minutesAgo(number * 4 + 1),
    ready_at: null,
    ends_at: null,
    node: "server-2",
    pool: "default",
    resources: { cpu: 1.5, memory_mib: 2048, gpu: 0, pids: 512 },
    reason: null,
    restarts: 0,
    ...facts,
  }
}

const entries = [
  entry(1, "Ada Martin", { phase: "queued", node: null, reason: { code: "no_room", detail: "" } }),
  entry(2, "Grace Petit", { phase: "starting", step: "preparing" }),
  entry(3, "Linus Bernard", { phase: "ready", ready_at: minutesAgo(12) }),
  entry(4, "Radia Simon", {
    phase: "failed",
    reason: {
      code: "crashed",
      parameters: { exit_code: 1 },
      detail: "task: non-zero exit (1)",
      reference: "K7F3-9QD2",
    },
  }),
  entry(5, "Barbara Roux", { phase: "stopped", reason: { code: "session_over", detail: "" } }),
]
const SHOWN: Record<string, EnvironmentEntry["phase"][]> = {
  alive: ["queued", "starting", "ready", "stopping"],
  waiting: ["queued", "starting"],
}

function listed(query: URLSearchParams): EnvironmentEntry[] {
  const state = query.get("state")
  const search = query.get("search")?.toLowerCase() ?? ""
  return entries.filter(
    (known) =>
      (!state || (SHOWN[state] ?? [state]).includes(known.phase)) &&
      JSON.stringify(known).toLowerCase().includes(search),
  )
}

export const runningHandlers = [
  fake.get("/api/environments", ({ request }) => {
    const items = listed(new URL(request.url).searchParams)
    return HttpResponse.json({ items, total: items.length, page: 1, page_size: 50 })
  }),
  fake.get("/api/environments/{environment_id}", ({ params }) => {
    const known = entries.find(({ id }) => id === params.environment_id)
    if (!known) return missing()
    return HttpResponse.json<EnvironmentDetail>({
      ...known,
      attempt: 2,
      image: `registry.example.org/image-1@sha256:${"ab".repeat(32)}`,
      last_logs: known.phase === "failed" ? "Traceback: no module named numpy\n" : "",
    })
  }),
  fake.post("/api/courses/{course_id}/environments/stop", async ({ request }) => {
    const { people } = await request.json()
    const chosen = people ?? entries.map(({ owner }) => owner.id)
    for (const known of entries) {
      if (chosen.includes(known.owner.id)) known.phase = "stopped"
    }
    return HttpResponse.json({ stopped: chosen.length }, { status: 202 })
  }),
]
