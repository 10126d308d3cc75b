/** Settings of scaling as lines of text, and back. */
import { expect, test } from "vitest"
import { scalingFrom, valuesOf, variableFault } from "./scalingDraft"

const SCALING = {
  enabled: true,
  module: "openstack",
  variables: { flavor: "m1.large", cloud: "a=b" },
  keep_minutes: 10,
  join_minutes: 20,
  demand_minutes: null,
}

test("what was stored is written back unchanged", () => {
  const values = valuesOf(SCALING, ["command"])
  expect(values.variables).toBe("flavor = m1.large\ncloud = a=b")
  expect(scalingFrom(values, true)).toEqual(SCALING)
})

test("a new one takes the first module and machines for those who wait", () => {
  const made = scalingFrom(valuesOf(null, ["command", "openstack"]), false)
  expect(made).toMatchObject({ enabled: false, module: "command", demand_minutes: 5 })
})

test("lines without a value and the platform's own variables are wrong", () => {
  expect(variableFault("flavor = a\n\n  image=b")).toBeNull()
  expect(variableFault("flavor")).toEqual({ kind: "variable", line: "flavor" })
  expect(variableFault("names = x")).toEqual({ kind: "reserved", name: "names" })
})
