/** Machines for working on the page. */
import { HttpResponse } from "msw"
import type { Node, Pool, PoolState } from "@/api/types"
import { newEtag, outdated, problem } from "@/mocks/answers"
import { fake } from "@/mocks/fake"

const room = {
  cpu: 16,
  free_cpu: 9.5,
  memory_mib: 65536,
  free_memory_mib: 30720,
  gpus: 0,
  free_gpus: 0,
}
const node = (number: number, facts: Partial<Node> = {}): Node => ({
  id: `node${number}`,
  name: `worker-${number}`,
  address: `192.0.2.${10 + number}`,
  pool: "default",
  reachable: true,
  availability: "active",
  admitted: true,
  manages: false,
  engine_version: "28.5.2",
  remaps_users: false,
  api_version: null,
  room,
  environments: 12,
  ...facts,
})
const nodes: Node[] = [
  node(1, { manages: true, api_version: "1.51" }),
  node(2, { availability: "drain", environments: 0 }),
  node(3, { pool: "gpu", room: { ...room, gpus: 4, free_gpus: 1 }, environments: 3 }),
  node(4, { reachable: false, environments: 0 }),
  node(5, {
    availability: "pause",
    admitted: false,
    cordon: {
      cause: "checks_failed",
      detail: "firewall: not in force, or behind other rules: -j DOCKER-USER",
    },
  }),
]
const pool = (
  name: string,
  title: string,
  gpus: number,
  egress: Pool["egress"] = "open",
): PoolState => ({
  pool: {
    name,
    title,
    gpu_kind: gpus ? "NVIDIA-GPU" : null,
    default_cpu: 1,
    default_memory_mib: 1024,
    default_gpu: 0,
    max_cpu: 8,
    max_memory_mib: 16384,
    default_folder_mib: 2048,
    max_folder_mib: 10_240,
    max_gpu: gpus,
    lease_minutes: null,
    hard_limit_minutes: null,
    egress,
    on_drain: "end",
    storage: "node",
    direct_ports: null,
    direct_host: null,
  },
  nodes: 2,
  usable_nodes: 1,
  room,
  largest: room,
  root_needs_approval: true,
  direct_nodes: 0,
  direct_held: 0,
  etag: newEtag(),
  changed_at: "2026-11-20T08:00:00.000000Z",
})

const withDirectPorts = (state: PoolState): PoolState => ({
  ...state,
  pool: {
    ...state.pool,
    direct_ports: { first: 20000, last: 20499, kinds: ["ssh", "vnc", "tcp"] },
    direct_host: "{node}.labs.example.org",
  },
  usable_nodes: 2,
  direct_nodes: 1,
  direct_held: 37,
})

const growing = (state: PoolState): PoolState => ({
  ...state,
  pool: {
    ...state.pool,
    growth: {
      max_machines: 6,
      cpu: 16,
      memory_mib: 65_536,
      gpus: 0,
      lead_minutes: 15,
      idle_machines: 0,
      hourly_price: 0.6,
      monthly_budget: 400,
    },
  },
})

export const pools = [
  growing(pool("default", "CPU", 0)),
  withDirectPorts(pool("gpu", "A40", 4, "none")),
]

const unknown = () => problem(404, "pool_unknown")

export const capacityHandlers = [
  fake.get("/api/nodes", () =>
    HttpResponse.json({ items: nodes, total: nodes.length, page: 1, page_size: 25 }),
  ),
  fake.get("/api/pool-choices", () => HttpResponse.json(pools.map((state) => state.pool))),
  fake.get("/api/pools", () => HttpResponse.json(pools)),
  fake.get("/api/pools/{name}", ({ params }) => {
    const known = pools.find((state) => state.pool.name === params.name)
    return known ? HttpResponse.json(known) : unknown()
  }),
  fake.put("/api/pools/{name}", async ({ request }) => {
    const wanted = await request.json()
    const known = pools.find((state) => state.pool.name === wanted.name)
    const isNew = request.headers.get("if-none-match") === "*"
    if (known && isNew) return problem(412, "pool_exists")
    if (wanted.direct_ports && wanted.name === "default")
      return problem(409, "direct_ports_on_loopback")
    if (!isNew && !known) return problem(412, "edited_meanwhile", { parameters: { etag: null } })
    const edit = known && outdated(request, known)
    if (edit) return edit
    const changed_at = new Date().toISOString()
    if (known) Object.assign(known, { pool: wanted, changed_at, etag: newEtag() })
    else pools.push({ ...pool(wanted.name, wanted.title, 0), pool: wanted, nodes: 0 })
    return HttpResponse.json(wanted)
  }),
  fake.delete("/api/pools/{name}", ({ params, request }) => {
    const known = pools.find((state) => state.pool.name === params.name)
    const edit = known && outdated(request, known)
    if (edit) return edit
    const at = pools.findIndex((state) => state.pool.name === params.name)
    if (params.name === "gpu") {
      const subjects = [
        { kind: "course_and_owner", id: "1", title: "Databases · Grace Hopper" } as const,
      ]
      return problem(409, "pool_chosen", { parameters: { count: 1 }, subjects })
    }
    if (at >= 0) pools.splice(at, 1)
    return new HttpResponse(null, { status: 204 })
  }),
  fake.patch("/api/nodes/{id}", async ({ params, request }) => {
    const node = nodes.find(({ id }) => id === params.id)
    const change = await request.json()
    if (node && change.availability) node.availability = change.availability
    if (node && change.pool) node.pool = change.pool
    return new HttpResponse(null, { status: node ? 204 : 404 })
  }),
]
