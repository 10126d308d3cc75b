/** A pool as its form has it: empty fields are empty, and direct ports are on or off. */
import type { FormErrors, UseFormReturnType } from "@mantine/form"
import type { Pool } from "@/api/types"

type Amount = number | ""
export type DirectKind = "ssh" | "vnc" | "tcp"
export const KINDS: DirectKind[] = ["ssh", "vnc", "tcp"]

export type PoolValues = {
  name: string
  title: string
  gpu_kind: string
  default_cpu: Amount
  max_cpu: Amount
  default_memory_mib: Amount
  max_memory_mib: Amount
  default_folder_mib: Amount
  max_folder_mib: Amount
  default_gpu: Amount
  max_gpu: Amount
  lease_minutes: Amount
  hard_limit_minutes: Amount
  idle_minutes: Amount
  egress: Pool["egress"]
  on_drain: Pool["on_drain"]
  storage: Pool["storage"]
  direct_ports: { on: boolean; first: Amount; last: Amount; kinds: DirectKind[] }
  direct_host: string
  growth: GrowthValues
}

/** Machines that may be added; `on`: there are any. */
export type GrowthValues = { on: boolean } & Record<GrowthField, Amount>
export const GROWTH_FIELDS = [
  "max_machines",
  "cpu",
  "memory_mib",
  "gpus",
  "lead_minutes",
  "idle_machines",
  "hourly_price",
  "monthly_budget",
] as const
export type GrowthField = (typeof GROWTH_FIELDS)[number]

export type PoolFormState = UseFormReturnType<PoolValues>

export const EMPTY: PoolValues = {
  name: "",
  title: "",
  gpu_kind: "",
  default_cpu: 1,
  max_cpu: 8,
  default_memory_mib: 1024,
  max_memory_mib: 16384,
  default_folder_mib: 2048,
  max_folder_mib: 10_240,
  default_gpu: 0,
  max_gpu: 1,
  lease_minutes: "",
  hard_limit_minutes: "",
  idle_minutes: "",
  egress: "open",
  on_drain: "end",
  storage: "node",
  // Whoever does not know the images is safe with SSH alone.
  direct_ports: { on: false, first: 20_000, last: 20_999, kinds: ["ssh"] },
  direct_host: "",
  growth: {
    on: false,
    max_machines: 4,
    cpu: 8,
    memory_mib: 32_768,
    gpus: 0,
    lead_minutes: 15,
    idle_machines: 0,
    hourly_price: "",
    monthly_budget: "",
  },
}

export function valuesOf(pool: Pool): PoolValues {
  const { direct_ports: direct, ...rest } = pool
  return {
    ...rest,
    gpu_kind: pool.gpu_kind ?? "",
    max_gpu: pool.gpu_kind ? pool.max_gpu : EMPTY.max_gpu,
    lease_minutes: pool.lease_minutes ?? "",
    hard_limit_minutes: pool.hard_limit_minutes ?? "",
    idle_minutes: pool.idle_minutes ?? "",
    direct_ports: direct
      ? { on: true, first: direct.first, last: direct.last, kinds: direct.kinds as DirectKind[] }
      : EMPTY.direct_ports,
    direct_host: pool.direct_host ?? "",
    growth: pool.growth
      ? {
          ...EMPTY.growth,
          ...pool.growth,
          on: true,
          hourly_price: pool.growth.hourly_price ?? "",
          monthly_budget: pool.growth.monthly_budget ?? "",
        }
      : EMPTY.growth,
  }
}

const number = (value: Amount) => Number(value)
const numberOrNone = (value: Amount) => (value === "" ? null : Number(value))

export function poolOf(values: PoolValues): Pool {
  const { direct_ports: direct } = values
  const kind = values.gpu_kind.trim() || null
  return {
    ...values,
    name: values.name.trim(),
    title: values.title.trim(),
    gpu_kind: kind,
    default_cpu: number(values.default_cpu),
    max_cpu: number(values.max_cpu),
    default_memory_mib: number(values.default_memory_mib),
    max_memory_mib: number(values.max_memory_mib),
    default_folder_mib: number(values.default_folder_mib),
    max_folder_mib: number(values.max_folder_mib),
    default_gpu: kind ? number(values.default_gpu) : 0,
    max_gpu: kind ? number(values.max_gpu) : 0,
    lease_minutes: numberOrNone(values.lease_minutes),
    hard_limit_minutes: numberOrNone(values.hard_limit_minutes),
    idle_minutes: numberOrNone(values.idle_minutes),
    direct_ports: direct.on
      ? { first: number(direct.first), last: number(direct.last), kinds: direct.kinds }
      : null,
    direct_host: (direct.on && values.direct_host.trim()) || null,
    growth: growthOf(values.growth, Boolean(kind)),
  }
}

function growthOf(growth: GrowthValues, hasGpus: boolean): Pool["growth"] {
  if (!growth.on) return null
  return {
    max_machines: number(growth.max_machines),
    cpu: number(growth.cpu),
    memory_mib: number(growth.memory_mib),
    gpus: hasGpus ? number(growth.gpus) : 0,
    lead_minutes: number(growth.lead_minutes),
    idle_machines: number(growth.idle_machines),
    hourly_price: numberOrNone(growth.hourly_price),
    monthly_budget: numberOrNone(growth.monthly_budget),
  }
}

/** The server speaks of a pool, the form of its fields: what it says goes where people can mend it. */
export function onForm(errors: FormErrors): FormErrors {
  return Object.fromEntries(
    Object.entries(errors).map(([path, error]) => {
      if (path === "direct_ports") return ["direct_ports.on", error]
      return [path.startsWith("direct_ports.kinds") ? "direct_ports.kinds" : path, error]
    }),
  )
}

/** Refusals of the whole that are one field's fault. */
export const FIELD_OF: Record<string, string> = {
  direct_ports_on_loopback: "direct_ports.on",
  pool_exists: "name",
}
