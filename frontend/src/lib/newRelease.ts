/** A page opened before a new release asks for parts that are gone: the new page has them. */
const SETTLED_AFTER = 10_000

/** Load the page anew when a part of it is missing; not again and again if that does not help. */
export function reloadOnNewRelease() {
  window.addEventListener("vite:preloadError", (event) => {
    if (performance.now() < SETTLED_AFTER) return
    event.preventDefault()
    window.location.reload()
  })
}
