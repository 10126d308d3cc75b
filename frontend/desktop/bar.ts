/** The buttons around an open desktop, and the way to them by keyboard. */
import type RFB from "@novnc/novnc"
import { parts } from "./parts"
import { words } from "./words"

const MODIFIERS = new Set(["Control", "Alt", "Shift", "Meta"])

export function offerActs(desktop: RFB): void {
  parts.keys.onclick = () => {
    desktop.sendCtrlAltDel()
    desktop.focus()
  }
  parts.full.onclick = () => {
    const change = document.fullscreenElement
      ? document.exitFullscreen()
      : document.documentElement.requestFullscreen()
    // Refused where the browser or the device has none; the page stays as it is.
    change.catch(() => undefined)
  }
  offerClipboard(desktop)
  // A desktop takes every key, Tab among them: without a way out it would be a trap.
  window.addEventListener("keydown", leave, true)
}

function leave(event: KeyboardEvent): void {
  if (!event.ctrlKey || !event.altKey || !event.shiftKey) return
  // Windows takes AltGr for Ctrl + Alt: who types a character with it stays.
  if (!MODIFIERS.has(event.key) || event.getModifierState("AltGraph")) return
  if (!parts.screen.contains(document.activeElement)) return
  event.stopPropagation()
  // What noVNC takes for the tab losing the keyboard: it lets go of every key that is held.
  window.dispatchEvent(new Event("blur"))
  parts.clipboard.focus()
}

function showPanel(shown: boolean): void {
  parts.panel.hidden = !shown
  parts.clipboard.setAttribute("aria-expanded", String(shown))
}

export function closePanel(): void {
  showPanel(false)
}

function offerClipboard(desktop: RFB): void {
  parts.clipboard.onclick = () => {
    showPanel(parts.panel.hidden)
    if (!parts.panel.hidden) parts.text.focus()
  }
  parts.send.onclick = () => {
    desktop.clipboardPasteFrom(parts.text.value)
    parts.status.textContent = words.clipboardSent
  }
  desktop.addEventListener("clipboard", ({ detail }) => {
    parts.text.value = detail.text
    parts.status.textContent = words.clipboardCame
    // Many browsers allow this only in a tab that is being used, some never: the panel has it.
    navigator.clipboard?.writeText(detail.text).catch(() => undefined)
  })
}
