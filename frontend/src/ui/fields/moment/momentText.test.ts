import { expect, test } from "vitest"
import { readMoment, written } from "./momentText"

test.each([
  ["2026-11-30T15:20", "fr", "30/11/2026 15:20"],
  ["2026-11-30T15:20", "en", "2026-11-30 15:20"],
  ["2026-11-30", "fr", "30/11/2026"],
  ["", "fr", ""],
])("%s in %s is shown as %s", (value, language, text) => {
  expect(written(value, language)).toBe(text)
})

test.each([
  ["30/11/2026 15:20", "2026-11-30T15:20"],
  ["30.11.2026 à 15h20", "2026-11-30T15:20"],
  ["1/2/2027 8h", "2027-02-01T08:00"],
  ["2026-11-30 15:20", "2026-11-30T15:20"],
  [" 2026-11-30T05:00 ", "2026-11-30T05:00"],
  ["29/02/2028 23:59", "2028-02-29T23:59"],
])("%s is read as %s", (text, value) => {
  expect(readMoment(text, "minute")).toBe(value)
})

test.each([
  "29/02/2027 10:00",
  "31/04/2026 10:00",
  "30/11/2026",
  "30/11/2026 24:00",
  "30/11/2026 10:60",
  "30/11/26 10:00",
  "demain",
  "30/11/2026 02:00 PM",
])("%s is no minute", (text) => {
  expect(readMoment(text, "minute")).toBeNull()
})

test("a day needs no time, and what is written is read again", () => {
  expect(readMoment("30/11/2026", "day")).toBe("2026-11-30")
  for (const language of ["fr", "en"]) {
    for (const value of ["2026-01-02T03:04", "2028-02-29T00:00"]) {
      expect(readMoment(written(value, language), "minute")).toBe(value)
    }
  }
})
