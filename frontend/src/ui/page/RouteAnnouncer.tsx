/** Says the title of a page that was opened by a link, as a browser does for a new document. */
import { useRouter } from "@tanstack/react-router"
import { useEffect, useState } from "react"

export function RouteAnnouncer() {
  const router = useRouter()
  const [title, setTitle] = useState("")
  useEffect(
    () =>
      router.subscribe("onRendered", ({ fromLocation, pathChanged }) => {
        if (!fromLocation || !pathChanged) return
        const heading = document.querySelector<HTMLElement>("main h1")
        setTitle(heading?.textContent ?? document.title)
        if (document.activeElement === document.body) focus(heading)
      }),
    [router],
  )
  return (
    <div className="md-hidden" role="status" aria-live="polite">
      {title}
    </div>
  )
}

/** The link went away with its page: the next Tab begins at the new page's title. */
function focus(heading: HTMLElement | null): void {
  if (!heading) return
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
}
