/** Keeps the keyboard where it was when the control that had it goes away. */
import { type RefObject, useEffect, useRef } from "react"

/**
 * Moves the focus to `region` when a control within it had the focus and was removed or disabled.
 *
 * A browser gives the focus to the page's body then: the next Tab begins at the top of the page,
 * and a screen reader says nothing. `region` needs `tabIndex={-1}`.
 */
export function useFocusKept(region: RefObject<HTMLElement | null>): void {
  const had = useRef(false)
  useEffect(() => {
    const follow = (event: FocusEvent) => {
      had.current = region.current?.contains(event.target as Node) ?? false
    }
    document.addEventListener("focusin", follow)
    return () => document.removeEventListener("focusin", follow)
  }, [region])
  // After every render: a removed element fires no event.
  useEffect(() => {
    const { activeElement: active, body } = document
    const lost = active === null || active === body || (active as HTMLButtonElement).disabled
    if (had.current && lost) region.current?.focus({ preventScroll: true })
  })
}
