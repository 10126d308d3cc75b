/** Approvals of builds that run as root, for working on the page. */
import { HttpResponse } from "msw"
import type { BuildRoot, RootRequest } from "@/api/types"
import { missing } from "@/mocks/answers"
import { buildOf, builds, imageOf } from "@/mocks/db"
import { fake } from "@/mocks/fake"

const FINDINGS: RootRequest["findings"] = [
  { kind: "no_user", file: "dockerfile", line: null, detail: "" },
  { kind: "program", file: "wrapper", line: 27, detail: "usermod" },
]
const requests = new Map<string, RootRequest>()

function ask(buildId: string, comment: string): RootRequest | null {
  const build = buildOf(buildId)
  if (!build) return null
  const request: RootRequest = {
    build_id: buildId,
    state: "asked",
    comment,
    asked_at: new Date().toISOString(),
    asked_by: "Claire Fontaine",
    reason: "",
    decided_at: null,
    decided_by: null,
    image_title: imageOf(build.image_id)?.title ?? "",
    build_number: build.number,
    digest: build.reference?.split("@").at(-1) ?? "",
    findings: FINDINGS,
    courses: 1,
    can: ["approve", "refuse"],
  }
  requests.set(buildId, request)
  return request
}

function shown(buildId: string): BuildRoot {
  const request = requests.get(buildId)
  const state = request?.state ?? "none"
  return {
    build_id: buildId,
    state,
    comment: request?.comment ?? "",
    asked_at: request?.asked_at,
    asked_by: request?.asked_by,
    reason: request?.reason ?? "",
    decided_at: request?.decided_at,
    decided_by: request?.decided_by,
    findings: FINDINGS,
    pools: [{ name: "default", title: "CPU", needs_approval: true }],
    may_start: state === "approved",
    may_ask: ["none", "refused", "revoked"].includes(state),
  }
}

const first = builds.find((build) => build.phase === "succeeded")
if (first) ask(first.id, "Students practise SSH with accounts of their own.")

export const rootHandlers = [
  fake.get("/api/builds/{build_id}/root", ({ params }) =>
    HttpResponse.json(shown(String(params.build_id))),
  ),
  fake.post("/api/builds/{build_id}/root-request", async ({ params, request }) => {
    const { comment } = await request.json()
    const id = String(params.build_id)
    return ask(id, comment) ? HttpResponse.json(shown(id)) : missing()
  }),
  fake.get("/api/root-approvals", ({ request }) => {
    const state = new URL(request.url).searchParams.get("state")
    const items = [...requests.values()].filter((known) => !state || known.state === state)
    return HttpResponse.json({ items, total: items.length, page: 1, page_size: 25 })
  }),
  fake.put("/api/root-approvals/{build_id}", async ({ params, request }) => {
    const known = requests.get(String(params.build_id))
    if (!known) return missing()
    const { decision, reason } = await request.json()
    const ended = { approve: "approved", refuse: "refused", revoke: "revoked" } as const
    known.state = ended[decision]
    known.can = decision === "approve" ? ["revoke"] : ["approve"]
    Object.assign(known, { reason, decided_by: "Olga", decided_at: new Date().toISOString() })
    return HttpResponse.json(known)
  }),
]
