/** The institution's settings as the form has them. */
import type { InstitutionSettings } from "@/api/types"

export const MOST_ANNOUNCEMENTS = 10
export const LARGEST_LOGO = 64 * 1024
const DAY = 86_400_000

export function valuesOf(settings: InstitutionSettings) {
  return {
    name: settings.name ?? "",
    colour: settings.colour ?? "",
    logo: settings.logo ?? "",
    help_url: settings.help_url ?? "",
    support_url: settings.support_url ?? "",
    announcements: (settings.announcements ?? []).map((text) => ({
      ...text,
      important: text.important ?? false,
      starts_at: local(new Date(text.starts_at)),
      ends_at: local(new Date(text.ends_at)),
    })),
  }
}

export type InstitutionValues = ReturnType<typeof valuesOf>

export function settingsOf(values: InstitutionValues): InstitutionSettings {
  const support = values.support_url.trim()
  return {
    name: values.name.trim(),
    colour: values.colour || null,
    logo: values.logo || null,
    help_url: values.help_url.trim() || null,
    // An address alone is an e-mail address.
    support_url: support ? (/^[^:/]+@[^:/]+$/.test(support) ? `mailto:${support}` : support) : null,
    announcements: values.announcements.map((text) => ({
      ...text,
      starts_at: new Date(text.starts_at).toISOString(),
      ends_at: new Date(text.ends_at).toISOString(),
    })),
  }
}

export function newAnnouncement(now: Date) {
  const week = new Date(now.getTime() + 7 * DAY)
  return { text_fr: "", text_en: "", starts_at: local(now), ends_at: local(week), important: false }
}

/** "2026-01-31T14:00" in the viewer's zone. */
function local(at: Date): string {
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  return shifted.toISOString().slice(0, 16)
}

export function dataAddress(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
}
