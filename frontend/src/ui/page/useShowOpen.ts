/** In a row that scrolls sideways, the open entry is brought into view. */
import { type RefObject, useEffect } from "react"

export function useShowOpen(row: RefObject<HTMLElement | null>, open: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another entry was opened
  useEffect(() => {
    const frame = row.current
    const entry = frame?.querySelector<HTMLElement>("[aria-current=page], [aria-selected=true]")
    if (!frame || !entry) return
    frame.scrollLeft = entry.offsetLeft - frame.clientWidth / 2 + entry.clientWidth / 2
  }, [open])
}
