/** Dates, times and sizes in the words people use, in the language of the page. */
import { useTranslation } from "react-i18next"

export type Format = ReturnType<typeof formatFor>

export function useFormat(): Format {
  const { i18n } = useTranslation()
  return formatFor(i18n.language)
}

export function formatFor(language: string) {
  const locale = language === "fr" ? "fr-FR" : "en-GB"
  const of = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options)
  const time = (at: Date) => of({ hour: "2-digit", minute: "2-digit" }).format(at)
  const day = (at: Date, now: Date) => dayWords(locale, at, now)
  return {
    time,
    day,
    /** "23 November 2026", "1ᵉʳ décembre 2026". */
    date: (at: Date) => written(of({ dateStyle: "long" }), at),
    /** "November 2026", "novembre 2026". */
    monthOf: (at: Date) => of({ month: "long", year: "numeric" }).format(at),
    /** "Monday 30 Nov", "mardi 1ᵉʳ déc.". */
    weekday: (at: Date) => written(of({ weekday: "long", day: "numeric", month: "short" }), at),
    /** "today at 14:00", "demain à 14:00". */
    moment: (at: Date, now: Date) =>
      `${day(at, now)} ${locale === "fr-FR" ? "à" : "at"} ${time(at)}`,
    exact: (at: Date) => of({ dateStyle: "full", timeStyle: "long" }).format(at),
    dateTime: (at: Date) => of({ dateStyle: "medium", timeStyle: "short" }).format(at),
    range: (from: Date, to: Date, now: Date) =>
      sameDay(from, to)
        ? `${day(from, now)} ${time(from)}–${time(to)}`
        : `${day(from, now)} ${time(from)} – ${day(to, now)} ${time(to)}`,
    /** "in 12 minutes", "il y a 3 jours". */
    fromNow: (at: Date, now: Date) => relative(locale, at.getTime() - now.getTime()),
    /** "12 min", "1 h 5 min", "40 s". */
    duration,
    /** "12:05" or "1:02:09", for a clock that runs. */
    countdown,
    number: (value: number) =>
      new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value),
    memory: (mib: number) => memory(locale, mib),
    /**
     * The viewer's zone as it is at a moment ("Central European Summer Time"); where it is not the
     * same until another moment, or none is meant, without its season ("Central European Time").
     */
    zone: (at?: Date, until?: Date) => {
      const isOne = at && (until ?? at).getTimezoneOffset() === at.getTimezoneOffset()
      return (
        of({ timeZoneName: isOne ? "long" : "longGeneric" })
          .formatToParts(at)
          .find((part) => part.type === "timeZoneName")?.value ?? ""
      )
    },
  }
}

function sameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString()
}

function dayWords(locale: string, at: Date, now: Date): string {
  const days = Math.round((startOfDay(at) - startOfDay(now)) / 86_400_000)
  if (Math.abs(days) <= 1) {
    return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day")
  }
  const sameYear = at.getFullYear() === now.getFullYear()
  const words = new Intl.DateTimeFormat(locale, {
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
  })
  return written(words, at)
}

/** French writes the first of a month as an ordinal, which Intl does not. */
function written(words: Intl.DateTimeFormat, at: Date): string {
  const isFrench = words.resolvedOptions().locale.startsWith("fr")
  return words
    .formatToParts(at)
    .map(({ type, value }) => (isFrench && type === "day" && value === "1" ? "1ᵉʳ" : value))
    .join("")
}

function startOfDay(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()
}

function relative(locale: string, milliseconds: number): string {
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" })
  const seconds = Math.round(milliseconds / 1000)
  const size = Math.abs(seconds)
  if (size < 60) return words.format(seconds, "second")
  if (size < 3600) return words.format(Math.round(seconds / 60), "minute")
  if (size < 86_400) return words.format(Math.round(seconds / 3600), "hour")
  return words.format(Math.round(seconds / 86_400), "day")
}

// The symbols are the same in both languages; Intl writes "mins" in English.
function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 60) return `${seconds}\u00a0s`
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 60) return `${minutes}\u00a0min`
  const rest = minutes % 60
  const hours = `${Math.floor(minutes / 60)}\u00a0h`
  return rest === 0 ? hours : `${hours} ${rest}\u00a0min`
}

function countdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000))
  const two = (value: number) => String(value).padStart(2, "0")
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`
}

function memory(locale: string, mib: number): string {
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const french = locale.startsWith("fr")
  return mib >= 1024
    ? `${number.format(mib / 1024)}\u00a0${french ? "Gio" : "GiB"}`
    : `${number.format(mib)}\u00a0${french ? "Mio" : "MiB"}`
}
