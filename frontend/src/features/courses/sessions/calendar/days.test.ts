/** Days of a calendar in Paris, over midnight and over the change of the clock. */
import { describe, expect, it } from "vitest"
import { daysOf, on, partOn, step } from "./days"

const day = (at: Date) =>
  `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`
const local = (...parts: [number, number, number, number?]) => new Date(...parts).toISOString()

describe("daysOf", () => {
  it("has whole weeks around a month", () => {
    const days = daysOf("month", new Date(2026, 10, 18)).map(day)
    expect([days.length, days[0], days.at(-1)]).toEqual([42, "2026-10-26", "2026-12-06"])
    const february = daysOf("month", new Date(2027, 1, 10)).map(day)
    expect([february.length, february[0], february.at(-1)]).toEqual([
      28,
      "2027-02-01",
      "2027-02-28",
    ])
  })
  it("skips and repeats no day when the clock changes", () => {
    for (const month of [2, 9]) {
      const days = daysOf("month", new Date(2026, month, 1)).map(day)
      expect(new Set(days).size).toBe(days.length)
      expect(days.length % 7).toBe(0)
    }
  })
})

it("steps from the 31st to the next month, not to the one after", () => {
  expect(day(step("month", new Date(2027, 0, 31), 1))).toBe("2027-02-01")
  expect(day(step("week", new Date(2026, 10, 18), -1))).toBe("2026-11-09")
})

describe("a session over midnight", () => {
  const session = { starts_at: local(2026, 10, 18, 23), ends_at: local(2026, 10, 19, 1) }
  it("lies on both days and on no other", () => {
    const days = daysOf("week", new Date(2026, 10, 18)).filter((at) => on(at, [session]).length > 0)
    expect(days.map(day)).toEqual(["2026-11-18", "2026-11-19"])
  })
  it("has its start on the first day and its end on the second", () => {
    const first = partOn(new Date(2026, 10, 18), session)
    expect([first.from?.getHours(), first.to]).toEqual([23, null])
    const second = partOn(new Date(2026, 10, 19), session)
    expect([second.from, second.to?.getHours()]).toEqual([null, 1])
  })
  it("lies on one day where it ends at midnight", () => {
    const evening = { starts_at: local(2026, 10, 18, 20), ends_at: local(2026, 10, 19, 0) }
    expect(on(new Date(2026, 10, 19), [evening])).toEqual([])
    expect(partOn(new Date(2026, 10, 18), evening).to).not.toBeNull()
  })
})
