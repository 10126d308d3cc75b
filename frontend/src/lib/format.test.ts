/** Times in words. */
import { describe, expect, it } from "vitest"
import { formatFor } from "./format"

const now = new Date(2026, 2, 2, 14, 0)
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000)

describe("durations and countdowns", () => {
  const { duration, countdown } = formatFor("fr")
  it("say seconds, minutes and hours", () => {
    expect(duration(12_300)).toBe("12\u00a0s")
    expect(duration(4.2 * 60_000)).toBe("5\u00a0min")
    expect(duration(60 * 60_000)).toBe("1\u00a0h")
    expect(duration(85 * 60_000)).toBe("1\u00a0h 25\u00a0min")
    expect(duration(-5)).toBe("0\u00a0s")
  })
  it("run like a clock", () => {
    expect(countdown(12 * 60_000 + 4_100)).toBe("12:05")
    expect(countdown(3_600_000)).toBe("1:00:00")
    expect(countdown(-1)).toBe("0:00")
  })
})

describe("dates", () => {
  it("use the words people use", () => {
    expect(formatFor("fr").range(now, later(120), now)).toBe("aujourd’hui 14:00–16:00")
    expect(formatFor("en").range(later(1440), later(1500), now)).toBe("tomorrow 14:00–15:00")
    expect(formatFor("fr").moment(later(12), now)).toBe("aujourd’hui à 14:12")
  })
  it("write the first of a month as French does", () => {
    const first = new Date(2026, 11, 1, 9, 0)
    expect(formatFor("fr").date(first)).toBe("1ᵉʳ décembre 2026")
    expect(formatFor("fr").weekday(first)).toBe("mardi 1ᵉʳ déc.")
    expect(formatFor("fr").day(first, now)).toBe("mar. 1ᵉʳ déc.")
    expect(formatFor("fr").day(new Date(2026, 10, 11), now)).toBe("mer. 11 nov.")
  })
  it("have the same order in every English text", () => {
    const monday = new Date(2026, 10, 23)
    expect(formatFor("en").date(monday)).toBe("23 November 2026")
    expect(formatFor("en").weekday(monday)).toBe("Monday 23 Nov")
  })
  it("count memory in the unit of the language", () => {
    expect(formatFor("fr").memory(4096)).toBe("4\u00a0Gio")
    expect(formatFor("en").memory(512)).toBe("512\u00a0MiB")
  })
})

it("names the zone as it is at the moment meant, not as it is now", () => {
  const { zone } = formatFor("en")
  const [june, november] = [new Date(2026, 5, 10), new Date(2026, 10, 10)]
  const has = june.getTimezoneOffset() !== november.getTimezoneOffset()
  expect(zone(june) !== zone(november)).toBe(has)
  expect(zone(june, november)).toBe(has ? zone() : zone(june))
  expect(zone(june, june)).toBe(zone(june))
})
