/** The use of a Course as a table for spreadsheets. */
import { expect, it } from "vitest"
import type { CourseUseRun } from "@/api/types"
import { csvOf, rangeOf } from "./traces"

const run = (facts: Partial<CourseUseRun>): CourseUseRun => ({
  key: "1",
  name: "Ada",
  email: null,
  began_at: "2026-11-30T10:00:00Z",
  ended_at: null,
  minutes: 5,
  ...facts,
})

it("quotes what needs it, and makes no formula", () => {
  const csv = csvOf(["Name"], [run({ name: '=HYPERLINK("x")' }), run({ name: "Lovelace, Ada" })])
  expect(csv.split("\r\n")).toEqual([
    "Name",
    `"'=HYPERLINK(""x"")",,2026-11-30T10:00:00Z,,5`,
    '"Lovelace, Ada",,2026-11-30T10:00:00Z,,5',
    "",
  ])
})

it("counts whole days of the viewer's, today included", () => {
  const { from, to } = rangeOf(7, new Date(2026, 10, 30, 15, 0))
  expect(new Date(from)).toEqual(new Date(2026, 10, 24))
  expect(new Date(to)).toEqual(new Date(2026, 11, 1))
})
