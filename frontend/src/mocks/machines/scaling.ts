/** Machines by Terraform for working on the page: a pool that scales, with a run that failed. */
import { HttpResponse } from "msw"
import type { Machine, MachineRun, PoolScaling, ScalingState } from "@/api/types"
import { newEtag, outdated, problem } from "@/mocks/answers"
import { uuid } from "@/mocks/db"
import { fake } from "@/mocks/fake"
import { pools } from "./capacity"

const MINUTE = 60_000
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE).toISOString()

const machine = (id: string, state: Machine["state"], facts: Partial<Machine> = {}): Machine => ({
  name: `mydocker-default-${id}`,
  state,
  since: ago(35),
  ordered_at: ago(40),
  environments: 0,
  folders: 0,
  cost: 0.42,
  ...facts,
})

const run = (number: number, facts: Partial<MachineRun>): MachineRun => ({
  id: uuid(12, number),
  started_at: ago(number * 17),
  ended_at: ago(number * 17 - 1),
  outcome: "succeeded",
  adding: [],
  removing: [],
  reasons: ["made"],
  problem: "",
  hourly_price: 1.2,
  ...facts,
})

const QUOTA = "Error: Error creating OpenStack server\n403 Forbidden: Quota exceeded for instances"
export const runs: MachineRun[] = [
  run(1, { outcome: "running", ended_at: null, adding: ["mydocker-default-5c1e77aa"] }),
  run(2, { outcome: "failed", adding: ["mydocker-default-5c1e77aa"], problem: QUOTA }),
  run(3, { adding: ["mydocker-default-0b91d2f4", "mydocker-default-91aa03cd"] }),
  run(4, { removing: ["mydocker-default-77e0aa12"], reasons: ["enough"], hourly_price: 0 }),
]

const LOG = `$ tofu apply -no-color plan.bin
module.machines.openstack_compute_instance_v2.machine["mydocker-default-5c1e77aa"]: Creating...

${QUOTA}`
const PLAN = `  # module.machines.openstack_compute_instance_v2.machine["mydocker-default-5c1e77aa"] will be created
  + resource "openstack_compute_instance_v2" "machine" {
      + flavor_name = "m1.large"
      + name        = "mydocker-default-5c1e77aa"
    }

Plan: 1 to add, 0 to change, 0 to destroy.`

export const scaled: ScalingState = {
  scaling: {
    enabled: true,
    module: "openstack",
    variables: { flavor: "m1.large", image: "debian-12", network: "labs" },
    keep_minutes: 30,
    join_minutes: 20,
    demand_minutes: 5,
  },
  etag: newEtag(),
  modules: ["command", "openstack"],
  command: "OpenTofu v1.9.0",
  machines: [
    machine("0b91d2f4", "ready", { environments: 14 }),
    machine("91aa03cd", "leaving", { environments: 1, folders: 3, since: ago(3) }),
    machine("5c1e77aa", "ordered", { cost: 0, since: ago(18) }),
  ],
  planned_at: ago(0),
  wanted: 2,
  spent: 38.5,
  failures: 1,
  retry_at: new Date(Date.now() + MINUTE).toISOString(),
}

const BY_HAND: ScalingState = {
  scaling: null,
  modules: scaled.modules,
  command: scaled.command,
  machines: [],
  wanted: 0,
  spent: 0,
  failures: 0,
}

export const scalingHandlers = [
  fake.get("/api/pools/{name}/scaling", ({ params }) => {
    if (!pools.some(({ pool }) => pool.name === params.name)) return problem(404, "pool_unknown")
    return HttpResponse.json(params.name === "default" ? scaled : BY_HAND)
  }),
  fake.put("/api/pools/{name}/scaling", async ({ params, request }) => {
    const wanted = (await request.json()) as PoolScaling
    if (params.name !== "default") return problem(409, "scaling_needs_growth")
    const edit = outdated(request, { etag: scaled.etag ?? "" })
    if (edit) return edit
    Object.assign(scaled, { scaling: wanted, etag: newEtag() })
    return HttpResponse.json(wanted)
  }),
  fake.get("/api/pools/{name}/machine-runs", ({ params }) => {
    const items = params.name === "default" ? runs : []
    return HttpResponse.json({ items, total: items.length, page: 1, page_size: 20 })
  }),
  fake.get("/api/pools/{name}/machine-runs/{id}", ({ params }) => {
    const known = runs.find(({ id }) => id === params.id)
    if (!known) return problem(404, "machine_run_unknown")
    return HttpResponse.json({ ...known, log: LOG, plan: PLAN })
  }),
]
