/** Links of a student's window while they are typed; the server has the whole rule. */
import type { TFunction } from "i18next"

export type WindowLink = { title: string; url: string }

export const TEMPLATES = [
  { name: "HOST", text: "{{HOST['8888']}}" },
  { name: "PORT", text: "{{PORT['8888']}}" },
  { name: "IP", text: "{{IP}}" },
  { name: "USERNAME", text: "{{USERNAME}}" },
  { name: "PASSWORD", text: "{{PASSWORD}}" },
  { name: "USER_REDIRECT", text: "{{USER_REDIRECT}}" },
] as const

/** What can be said before the server is asked, by path. */
export function linkErrors(links: WindowLink[], t: TFunction): Record<string, string> {
  const errors: Record<string, string> = {}
  links.forEach(({ title, url }, index) => {
    if (!title.trim()) errors[`window.links.${index}.title`] = t("port.invalidTitle")
    if (!/^(https?|ssh|vnc):\/\//i.test(url)) {
      errors[`window.links.${index}.url`] = t("fieldProblem.link_scheme")
    }
  })
  return errors
}
