/** Copying where the LMS's frame grants no clipboard permission. */

/** Try every way; false means that the person has to press Ctrl+C. */
export async function copyText(text: string): Promise<boolean> {
  if (!mayUseClipboard()) return copyBySelection(text)
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

// Asked where the browser can say; trying without leave would complain in the console.
function mayUseClipboard(): boolean {
  const { featurePolicy } = document as Document & {
    featurePolicy?: { allowsFeature(name: string): boolean }
  }
  return featurePolicy?.allowsFeature("clipboard-write") ?? true
}

// Deprecated and still the only way without the permission.
function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea")
  area.value = text
  area.setAttribute("readonly", "")
  area.style.position = "fixed"
  area.style.opacity = "0"
  const focused = document.activeElement
  // Inside an open dialog the focus trap would take the focus back.
  const host = focused?.closest("[role=dialog]") ?? document.body
  host.append(area)
  area.select()
  try {
    return document.execCommand("copy")
  } catch {
    return false
  } finally {
    area.remove()
    if (focused instanceof HTMLElement) focused.focus()
  }
}

/** Select what an element shows, ready for Ctrl+C. */
export function selectContents(element: HTMLElement | null): void {
  const selection = window.getSelection()
  if (element && selection) selection.selectAllChildren(element)
}
