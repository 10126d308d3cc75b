/** The language of the page: the person's choice, else the LMS's, else the browser's. */
import i18next from "i18next"
import { initReactI18next } from "react-i18next"
import type { en } from "@/locales/en"
import { remember, remembered } from "./storage"

export const LANGUAGES = ["en", "fr"] as const
export type Language = (typeof LANGUAGES)[number]

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof en }
  }
}

// Only the language that is shown is fetched.
const texts: Record<Language, () => Promise<typeof en>> = {
  en: async () => (await import("@/locales/en")).en,
  fr: async () => (await import("@/locales/fr")).fr,
}

export async function startI18n(): Promise<void> {
  const language = closest(remembered("language")) ?? closest(navigator.language) ?? "en"
  i18next.on("languageChanged", (now) => {
    document.documentElement.lang = now
  })
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: await texts[language]() } },
    // React escapes.
    interpolation: { escapeValue: false },
  })
}

/** The person's own choice; it is kept. */
export async function chooseLanguage(language: Language): Promise<void> {
  remember("language", language)
  await show(language)
}

/** What the LMS says of the person; their own choice wins. */
export async function suggestLanguage(locale: string | null): Promise<void> {
  const language = closest(locale)
  if (language && !remembered("language")) await show(language)
}

async function show(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, "translation")) {
    i18next.addResourceBundle(language, "translation", await texts[language]())
  }
  await i18next.changeLanguage(language)
}

function closest(locale: string | null | undefined): Language | null {
  const short = locale?.slice(0, 2).toLowerCase()
  return LANGUAGES.find((language) => language === short) ?? null
}
