/** The parts of the page, and what it says. */
import { language, words } from "./words"

function part<E extends HTMLElement>(id: string): E {
  const element = document.getElementById(id)
  if (!element) throw new Error(`the page has no ${id}`)
  return element as E
}

export const parts = {
  screen: part("screen"),
  notice: part("notice"),
  state: part("state"),
  form: part<HTMLFormElement>("password"),
  nameField: part("name-field"),
  name: part<HTMLInputElement>("name"),
  secret: part<HTMLInputElement>("secret"),
  onward: part("onward"),
  again: part<HTMLButtonElement>("again"),
  course: part<HTMLAnchorElement>("course"),
  clipboard: part<HTMLButtonElement>("clipboard"),
  keys: part<HTMLButtonElement>("keys"),
  full: part<HTMLButtonElement>("full"),
  panel: part("panel"),
  text: part<HTMLTextAreaElement>("text"),
  send: part<HTMLButtonElement>("send"),
  status: part("status"),
}

/** Put the words where the page names them. */
export function speak(): void {
  document.documentElement.lang = language
  document.title = words.title
  for (const element of document.querySelectorAll<HTMLElement>("[data-text]")) {
    const text = words[element.dataset.text as keyof typeof words]
    if (typeof text === "string") element.textContent = text
  }
}

type Notice = { form?: boolean; onward?: boolean; quiet?: boolean }

/** Say how it stands, in words. Over an open desktop the sentence is for screen readers alone. */
export function say(sentence: string, { form, onward, quiet }: Notice = {}): void {
  parts.state.textContent = sentence
  parts.form.hidden = !form
  parts.onward.hidden = !onward
  parts.notice.classList.toggle("quiet", Boolean(quiet))
  for (const act of [parts.clipboard, parts.keys]) act.disabled = !quiet
}
