/** Times of sessions between the api (UTC) and the browser's own field (local, no zone). */

export const LONGEST_DAYS = 31

/** "2026-01-31T14:00" in the viewer's zone. */
export function toLocal(at: Date): string {
  const two = (value: number) => String(value).padStart(2, "0")
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`
}

/** A date without a zone is read in the viewer's zone. */
export function fromLocal(text: string): Date {
  return new Date(text)
}

/** The next full hour and two hours from there. */
export function nextSlot(now: Date): { starts: Date; ends: Date } {
  const starts = new Date(now)
  starts.setHours(now.getHours() + 1, 0, 0, 0)
  return { starts, ends: new Date(starts.getTime() + 2 * 3_600_000) }
}

/** Monday 00:00 of the week of `at`. */
export function mondayOf(at: Date): Date {
  const monday = new Date(at.getFullYear(), at.getMonth(), at.getDate())
  monday.setDate(monday.getDate() - ((monday.getDay() + 6) % 7))
  return monday
}

export function addDays(at: Date, days: number): Date {
  const later = new Date(at)
  later.setDate(later.getDate() + days)
  return later
}
