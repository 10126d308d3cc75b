/** Settings of scaling as the form has them: variables are lines of text. */
import type { PoolScaling } from "@/api/types"

type Amount = number | ""

export type ScalingValues = {
  module: string
  variables: string
  keep_minutes: Amount
  join_minutes: Amount
  demand: boolean
  demand_minutes: Amount
}

/** Variables that the platform sets in every module. */
const RESERVED = ["join_url", "names", "platform", "pool", "tokens"]
const PAIR = /^\s*([A-Za-z_][A-Za-z0-9_-]{0,62})\s*=(.*)$/

export function valuesOf(
  scaling: PoolScaling | null | undefined,
  modules: string[],
): ScalingValues {
  const lines = Object.entries(scaling?.variables ?? {}).map(
    ([name, value]) => `${name} = ${value}`,
  )
  return {
    module: scaling?.module ?? modules[0] ?? "",
    variables: lines.join("\n"),
    keep_minutes: scaling?.keep_minutes ?? 30,
    join_minutes: scaling?.join_minutes ?? 20,
    demand: scaling ? scaling.demand_minutes != null : true,
    demand_minutes: scaling?.demand_minutes ?? 5,
  }
}

export function scalingFrom(values: ScalingValues, enabled: boolean): PoolScaling {
  return {
    enabled,
    module: values.module,
    variables: variablesOf(values.variables),
    keep_minutes: Number(values.keep_minutes),
    join_minutes: Number(values.join_minutes),
    demand_minutes: values.demand ? Number(values.demand_minutes) : null,
  }
}

const written = (text: string) => text.split("\n").filter((line) => line.trim())

function variablesOf(text: string): Record<string, string> {
  const pairs = written(text).map((line) => PAIR.exec(line))
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", pair?.[2]?.trim() ?? ""]))
}

export type VariableFault = { kind: "variable"; line: string } | { kind: "reserved"; name: string }

/** The first wrong line. */
export function variableFault(text: string): VariableFault | null {
  const line = written(text).find((entry) => !PAIR.test(entry))
  if (line !== undefined) return { kind: "variable", line: line.trim() }
  const name = Object.keys(variablesOf(text)).find((entry) => RESERVED.includes(entry))
  return name === undefined ? null : { kind: "reserved", name }
}
