/** Rows and bands of the picture, from a forecast as the api sends it. */
import { describe, expect, it } from "vitest"
import type { Forecast } from "@/api/types"
import { bandsOf, MOST_BANDS, marksOf, OTHERS, rowsOf, sessionAt } from "./chartData"
import { moved, rangeOf } from "./forecast"

const HOUR = 3_600_000
const at = (hours: number) => new Date(Date.UTC(2026, 2, 2) + hours * HOUR).toISOString()
const point = (from: number, to: number, bands: Record<string, number>) => ({
  starts_at: at(from),
  ends_at: at(to),
  environments: 1,
  waiting: 0,
  needed: 1,
  machines: 2,
  reasons: [],
  bands,
  hidden: 0,
})

function forecast(courses: number): Forecast {
  const bands = Object.fromEntries(Array.from({ length: courses }, (_, n) => [`c${n}`, n + 1]))
  return {
    pool: "default",
    pool_title: "CPU",
    starts_at: at(0),
    ends_at: at(24),
    now: at(10),
    observed: true,
    machines: 1,
    most_machines: 4,
    courses: Object.keys(bands).map((id) => ({ id, title: id })),
    points: [point(-2, 8, {}), point(8, 10, bands), point(10, 24, {})],
    sessions: [
      {
        id: "s1",
        course_id: "c0",
        course_title: "c0",
        title: "",
        students: 1,
        starts_at: at(8),
        ends_at: at(10),
        capacity: "reserved",
        may_open: true,
      },
    ],
    orders: [],
    samples: [
      {
        at: at(8.5),
        environments: 3,
        waiting: 0,
        machines: 1,
        used_machines: 1,
        planned_environments: 4,
        planned_machines: 2,
      },
    ],
    cost: null,
  }
}

describe("the picture of a forecast", () => {
  it("keeps the sum of all bands where small ones are drawn together", () => {
    const many = forecast(12)
    const bands = bandsOf(many, "Others")
    expect(bands).toHaveLength(MOST_BANDS + 1)
    expect(bands.at(-1)).toEqual({ id: OTHERS, title: "Others" })
    const row = rowsOf(many, bands).find(({ at: time }) => time === Date.parse(at(8)))
    const sum = Object.values(row?.bands ?? {}).reduce((all, value) => all + value, 0)
    expect(sum).toBe((12 * 13) / 2)
    expect(row?.bands[OTHERS]).toBe(1 + 2 + 3 + 4)
  })

  it("draws what others need as one band, beside one's own", () => {
    const own = forecast(2)
    const points = own.points.map((point) => ({ ...point, hidden: 1.5 }))
    const beside = { ...own, points }
    const bands = bandsOf(beside, "Others")
    expect(bands.map(({ id }) => id)).toEqual(["c0", "c1", OTHERS])
    const row = rowsOf(beside, bands).find(({ at: time }) => time === Date.parse(at(8)))
    expect(row?.bands).toEqual({ c0: 1, c1: 2, [OTHERS]: 1.5 })
  })

  it("has a row at each change and each sample, in order, within its time", () => {
    const rows = rowsOf(forecast(2), bandsOf(forecast(2), "Others"))
    const times = rows.map((row) => row.at)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(times[0]).toBe(Date.parse(at(0)))
    expect(times.at(-1)).toBe(Date.parse(at(24)))
    expect(rows.find((row) => row.at === Date.parse(at(8.5)))?.used).toBe(1)
    expect(rows.find((row) => row.at === Date.parse(at(10)))?.bands).toEqual({ c0: 0, c1: 0 })
  })

  it("leads from a band to the session that is on then", () => {
    expect(sessionAt(forecast(2), "c0", Date.parse(at(9)))?.id).toBe("s1")
    expect(sessionAt(forecast(2), "c0", Date.parse(at(10)))).toBeUndefined()
    expect(sessionAt(forecast(2), "c1", Date.parse(at(9)))).toBeUndefined()
  })
})

describe("the time of a forecast", () => {
  const wednesday = new Date(2026, 2, 4, 15)

  it("begins on Monday for a week, and at midnight for a day", () => {
    expect(rangeOf({}, wednesday).from).toEqual(new Date(2026, 2, 2))
    expect(rangeOf({ span: "day" }, wednesday).from).toEqual(new Date(2026, 2, 4))
  })

  it("moves by whole spans", () => {
    expect(moved({}, 1, wednesday)).toBe("2026-03-09")
    expect(moved({ span: "day" }, -1, wednesday)).toBe("2026-03-03")
    expect(moved({ span: "month" }, 1, wednesday)).toBe("2026-03-30")
  })
})

it("marks whole days of a week once each, and every third hour of a day", () => {
  const week = { ...forecast(1), ends_at: at(7 * 24) }
  const marks = marksOf(week, "week").map((mark) => new Date(mark))
  expect(marks.length).toBeGreaterThanOrEqual(7)
  expect(marks.every((mark) => mark.getHours() === 0)).toBe(true)
  expect(new Set(marks.map((mark) => mark.toDateString())).size).toBe(marks.length)
  const hours = marksOf(forecast(1), "day")
  expect(new Set(hours.map((mark) => new Date(mark).getHours() % 3))).toEqual(new Set([0]))
})
