/** What is wrong with a pool, and how it goes to the api and comes back. */
import { describe, expect, it } from "vitest"
import { EMPTY, onForm, type PoolValues, poolOf, valuesOf } from "./poolDraft"
import { type Faults, poolFaults } from "./poolRules"

const LAB: PoolValues = { ...EMPTY, name: "lab", title: "Lab" }
const codesOf = (faults: Faults) =>
  Object.fromEntries(Object.entries(faults).filter(([, fault]) => fault))
const faultsOf = (change: Partial<PoolValues>) => codesOf(poolFaults({ ...LAB, ...change }))
const direct = (change: Partial<PoolValues["direct_ports"]>) =>
  faultsOf({ direct_ports: { on: true, first: 20_000, last: 20_999, kinds: ["ssh"], ...change } })

describe("a pool", () => {
  it("that is named is right", () => expect(faultsOf({})).toEqual({}))

  it.each<[string, Partial<PoolValues>, string, string]>([
    ["no name", { name: " " }, "name", "fieldProblem.missing"],
    ["a digit first", { name: "4gpu" }, "name", "pools.invalid.name"],
    ["the page's own name", { name: "new" }, "name", "pools.invalid.reserved"],
    ["no title", { title: "" }, "title", "fieldProblem.missing"],
    ["no cores", { default_cpu: 0 }, "default_cpu", "pools.invalid.cpu"],
    ["an empty amount", { max_cpu: "" }, "max_cpu", "pools.invalid.cpu"],
    ["a most below the usual", { default_cpu: 9 }, "max_cpu", "pools.invalid.below"],
    [
      "less memory than any",
      { default_memory_mib: 63 },
      "default_memory_mib",
      "pools.invalid.memory",
    ],
    ["no GPUs of a kind", { gpu_kind: "A40", max_gpu: 0 }, "max_gpu", "pools.invalid.maxGpu"],
    ["a kind with spaces", { gpu_kind: "A 40" }, "gpu_kind", "pools.invalid.gpuKind"],
    ["more GPUs by default", { gpu_kind: "A", default_gpu: 2 }, "max_gpu", "pools.invalid.below"],
    ["no time", { lease_minutes: 0 }, "lease_minutes", "lease.invalidMinutes"],
    [
      "a limit below a start",
      { lease_minutes: 60, hard_limit_minutes: 30 },
      "hard_limit_minutes",
      "lease.invalidHard",
    ],
  ])("with %s is wrong there", (_, change, path, fault) => {
    expect(faultsOf(change)).toEqual({ [path]: fault })
  })

  it("checks direct ports while they are on", () => {
    expect(direct({ on: false, first: 1, kinds: [] })).toEqual({})
    expect(direct({ first: 1023 })).toEqual({ "direct_ports.first": "pools.invalid.number" })
    expect(direct({ last: 32_768 })).toEqual({ "direct_ports.last": "pools.invalid.number" })
    expect(direct({ last: 19_999 })).toEqual({ "direct_ports.last": "pools.invalid.backwards" })
    expect(direct({ kinds: [] })).toEqual({ "direct_ports.kinds": "pools.invalid.kinds" })
    const host = (direct_host: string) =>
      faultsOf({ direct_host, direct_ports: { ...EMPTY.direct_ports, on: true } })
    expect(host("{node}.labs.example.org")).toEqual({})
    for (const wrong of ["https://labs", "Labs.example.org", "a..b", "{name}.b", "a:22"])
      expect(host(wrong)).toEqual({ direct_host: "pools.invalid.host" })
  })

  it("comes back from the api as it went", () => {
    const full: PoolValues = {
      ...LAB,
      gpu_kind: "A40",
      default_gpu: 1,
      max_gpu: 4,
      lease_minutes: 60,
      direct_ports: { on: true, first: 2000, last: 2100, kinds: ["ssh", "vnc"] },
      direct_host: "{node}.labs.example.org",
    }
    expect(valuesOf(poolOf(full))).toEqual(full)
    expect(valuesOf(poolOf(LAB))).toEqual(LAB)
  })

  it("without a kind of GPU asks for none", () => {
    expect(poolOf({ ...LAB, max_gpu: 4, default_gpu: 2 })).toMatchObject({
      gpu_kind: null,
      max_gpu: 0,
      default_gpu: 0,
    })
  })

  it("shows what the server says where it can be mended", () => {
    expect(onForm({ direct_ports: "a", "direct_ports.kinds.1": "b", max_cpu: "c" })).toEqual({
      "direct_ports.on": "a",
      "direct_ports.kinds": "b",
      max_cpu: "c",
    })
  })
})
