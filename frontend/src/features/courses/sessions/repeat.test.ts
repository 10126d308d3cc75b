/** Sessions that are repeated each week. */
import { expect, it } from "vitest"
import { draftsOf, startsOf } from "./repeat"
import { toLocal } from "./sessionTimes"

const values = {
  title: "Lab",
  students: "24",
  starts_at: "2027-03-15T14:00",
  ends_at: "2027-03-15T16:00",
  block_before_start: true,
  automatic_stop: true,
}

it("keeps day and time of day, over daylight saving too", () => {
  expect(startsOf(values.starts_at, 4)).toEqual([
    "2027-03-15T14:00",
    "2027-03-22T14:00",
    "2027-03-29T14:00",
    "2027-04-05T14:00",
  ])
})

it("leaves out what is not to take place", () => {
  const drafts = draftsOf(values, { weeks: 3, skipped: ["2027-03-22T14:00"] })
  expect(drafts.map(({ starts_at }) => toLocal(new Date(starts_at)))).toEqual([
    "2027-03-15T14:00",
    "2027-03-29T14:00",
  ])
  expect(drafts.map(({ ends_at }) => toLocal(new Date(ends_at)))).toEqual([
    "2027-03-15T16:00",
    "2027-03-29T16:00",
  ])
  expect(drafts[0]?.students).toBe(24)
})

it("plans nothing without a start", () => {
  expect(draftsOf({ ...values, starts_at: "" }, { weeks: 3, skipped: [] })).toEqual([])
})
