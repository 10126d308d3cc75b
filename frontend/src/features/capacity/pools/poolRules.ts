/** What is wrong with a pool, by the path of its field. */
import type { GrowthField, GrowthValues, PoolValues } from "./poolDraft"

const FIRST_FREE = 1024
const LAST_FREE = 32_767
const A_YEAR = 525_600
/** It would lie where the page for new pools lies. */
const RESERVED = "new"

export type Fault =
  | "fieldProblem.missing"
  | "fieldProblem.string_too_long"
  | "lease.invalidMinutes"
  | "lease.invalidHard"
  | "lease.invalidIdle"
  | `pools.invalid.${"name" | "reserved" | "cpu" | "memory" | "gpu" | "maxGpu" | "gpuKind" | "below"}`
  | "pools.invalid.between"
  | `pools.invalid.${"number" | "backwards" | "kinds" | "host" | "folder"}`
export type Faults = Record<string, Fault | null>

export function poolFaults(values: PoolValues): Faults {
  return {
    ...names(values),
    ...amounts(values),
    ...times(values),
    ...(values.direct_ports.on ? direct(values) : {}),
    ...(values.growth.on ? growth(values.growth) : {}),
  }
}

function names({ name, title }: PoolValues): Faults {
  return {
    name: !/^[a-z][a-z0-9-]{0,30}$/.test(name.trim())
      ? name.trim()
        ? "pools.invalid.name"
        : "fieldProblem.missing"
      : name.trim() === RESERVED
        ? "pools.invalid.reserved"
        : null,
    title: !title.trim()
      ? "fieldProblem.missing"
      : title.trim().length > 80
        ? "fieldProblem.string_too_long"
        : null,
  }
}

function amounts(values: PoolValues): Faults {
  const cpu = (value: number | "") =>
    value === "" || value <= 0 || value > 256 ? "pools.invalid.cpu" : null
  const memory = (value: number | "") =>
    value === "" || value < 64 || value > 4_194_304 ? "pools.invalid.memory" : null
  const folder = (value: number | "") =>
    value === "" || value < 16 || value > 16_777_216 ? "pools.invalid.folder" : null
  const below = (usual: number | "", most: number | "") =>
    Number(most) < Number(usual) ? "pools.invalid.below" : null
  return {
    default_cpu: cpu(values.default_cpu),
    max_cpu: cpu(values.max_cpu) ?? below(values.default_cpu, values.max_cpu),
    default_memory_mib: memory(values.default_memory_mib),
    max_memory_mib:
      memory(values.max_memory_mib) ?? below(values.default_memory_mib, values.max_memory_mib),
    default_folder_mib: folder(values.default_folder_mib),
    max_folder_mib:
      folder(values.max_folder_mib) ?? below(values.default_folder_mib, values.max_folder_mib),
    ...(values.gpu_kind.trim() ? gpus(values, below(values.default_gpu, values.max_gpu)) : {}),
  }
}

function gpus({ gpu_kind: kind, default_gpu, max_gpu }: PoolValues, below: Fault | null): Faults {
  const outside = (value: number | "", least: number) => value === "" || value < least || value > 16
  return {
    gpu_kind: /^[A-Za-z0-9_.-]{1,63}$/.test(kind.trim()) ? null : "pools.invalid.gpuKind",
    default_gpu: outside(default_gpu, 0) ? "pools.invalid.gpu" : null,
    max_gpu: outside(max_gpu, 1) ? "pools.invalid.maxGpu" : below,
  }
}

function times(values: PoolValues): Faults {
  const { lease_minutes: lease, hard_limit_minutes: hard, idle_minutes: idle } = values
  const wrong = (value: number | "") => value !== "" && (value < 1 || value > A_YEAR)
  return {
    lease_minutes: wrong(lease) ? "lease.invalidMinutes" : null,
    idle_minutes: idle !== "" && (idle < 5 || idle > A_YEAR) ? "lease.invalidIdle" : null,
    hard_limit_minutes: wrong(hard)
      ? "lease.invalidMinutes"
      : lease !== "" && hard !== "" && hard < lease
        ? "lease.invalidHard"
        : null,
  }
}

/** The least and the most of each field. */
const GROWTH_LIMITS: Record<GrowthField, [number, number]> = {
  max_machines: [1, 10_000],
  cpu: [0.1, 1024],
  memory_mib: [64, 16_777_216],
  gpus: [0, 64],
  lead_minutes: [0, 10_080],
  idle_machines: [0, 1000],
  hourly_price: [0, 100_000],
  monthly_budget: [0, 100_000_000],
}
const OPTIONAL: GrowthField[] = ["hourly_price", "monthly_budget"]

function growth(values: GrowthValues): Faults {
  const faultOf = (name: GrowthField): Fault | null => {
    const value = values[name]
    if (value === "") return OPTIONAL.includes(name) ? null : "fieldProblem.missing"
    const [least, most] = GROWTH_LIMITS[name]
    return value < least || value > most ? "pools.invalid.between" : null
  }
  const names = Object.keys(GROWTH_LIMITS) as GrowthField[]
  return Object.fromEntries(names.map((name) => [`growth.${name}`, faultOf(name)]))
}

function direct({ direct_ports: { first, last, kinds }, direct_host: host }: PoolValues): Faults {
  const wrong = (value: number | "") => value === "" || value < FIRST_FREE || value > LAST_FREE
  const part = "(?:[a-z0-9-]|\\{node\\})+"
  return {
    "direct_ports.first": wrong(first) ? "pools.invalid.number" : null,
    "direct_ports.last": wrong(last)
      ? "pools.invalid.number"
      : Number(last) < Number(first)
        ? "pools.invalid.backwards"
        : null,
    "direct_ports.kinds": kinds.length === 0 ? "pools.invalid.kinds" : null,
    direct_host:
      host.trim() && !new RegExp(`^(?=.{1,200}$)${part}(\\.${part})*$`).test(host.trim())
        ? "pools.invalid.host"
        : null,
  }
}
