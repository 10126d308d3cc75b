/** The page's texts, in the first of our languages that the browser names. */
import { desktopEn } from "@/locales/en/desktop"
import { desktopFr } from "@/locales/fr/desktop"

const TEXTS = { en: desktopEn.page, fr: desktopFr.page }

export type End = keyof typeof desktopEn.page.end

/** Close codes: the bridge's own, whose reason says why; and that of a server which restarts. */
const OURS = 4000
const GOING_AWAY = 1001

const ENDS: Record<string, End> = {
  silent: "silent",
  crowded: "crowded",
  platform_away: "away",
  door_restarts: "away",
  idle: "idle",
  ended: "ended",
  restarted: "ended",
}

/** What the bridge said when it closed the socket; anything else is a line that broke. */
export function endOf(code: number, reason: string): End {
  if (code === GOING_AWAY) return "away"
  return (code === OURS && ENDS[reason]) || "lost"
}

export function languageOf(languages: readonly string[]): keyof typeof TEXTS {
  for (const tag of languages) {
    const short = tag.slice(0, 2).toLowerCase()
    if (short === "fr" || short === "en") return short
  }
  return "en"
}

export const language = languageOf(navigator.languages)
export const words = TEXTS[language]
