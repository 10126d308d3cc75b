/** A date, with or without a time of day, as somebody types it in the language of the page.

Browsers show the native fields in their own language, not in the page's ("02:00 PM" on a French
page): the page writes and reads these texts itself.
*/

export type MomentKind = "day" | "minute"

/** "2026-11-30T15:20" (or "2026-11-30") as shown: "30/11/2026 15:20" in French. */
export function written(value: string, language: string): string {
  const [day = "", time] = value.split("T")
  const shown = language === "fr" ? day.split("-").reverse().join("/") : day
  return time === undefined ? shown : `${shown} ${time.slice(0, 5)}`
}

const DAY_FIRST =
  /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:(?:[T ,]|\s+à)?\s*(\d{1,2})[:h](\d{2})?)?$/
const YEAR_FIRST = /^(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?:[T ,]?\s*(\d{1,2})[:h](\d{2})?)?$/

/** What was typed as "2026-11-30T15:20" (or "2026-11-30"), in any of the usual ways; null if it
 * names no day and minute that exist. */
export function readMoment(text: string, kind: MomentKind): string | null {
  const typed = text.trim()
  const dayFirst = DAY_FIRST.exec(typed)
  const parts = dayFirst
    ? [dayFirst[3], dayFirst[2], dayFirst[1], dayFirst[4], dayFirst[5]]
    : YEAR_FIRST.exec(typed)?.slice(1)
  if (!parts) return null
  const [year, month, day] = parts.slice(0, 3).map(Number) as [number, number, number]
  const date = new Date(year, month - 1, day)
  if (date.getMonth() !== month - 1 || date.getDate() !== day) return null
  const shown = `${year}-${two(month)}-${two(day)}`
  if (kind === "day") return shown
  if (parts[3] === undefined) return null
  const [hour, minute] = [Number(parts[3]), Number(parts[4] ?? 0)]
  return hour < 24 && minute < 60 ? `${shown}T${two(hour)}:${two(minute)}` : null
}

function two(value: number): string {
  return String(value).padStart(2, "0")
}
