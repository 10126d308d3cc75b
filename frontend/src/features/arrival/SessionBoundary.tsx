/** Everything a session shows: gone at once when it ends, in every tab, with nothing under the error. */
import { useQueryClient } from "@tanstack/react-query"
import { useRouter } from "@tanstack/react-router"
import { type ReactNode, useEffect, useSyncExternalStore } from "react"
import { onSessionEnd, sessionEnd } from "@/api/session"
import { useChanges } from "@/lib/live"
import { SessionEndedPage } from "@/ui/page/SessionEndedPage"

/** Around all pages: in place of them, once the session is over. */
export function SessionBoundary({ children }: { children: ReactNode }) {
  const over = useSyncExternalStore(onSessionEnd, sessionEnd)
  const cache = useQueryClient()
  useEffect(() => {
    if (over) cache.clear()
  }, [over, cache])
  return over ? <SessionEndedPage problem={over} /> : children
}

/** Listens on every page of a session: that it ends, and that the person's rights change. */
export function SessionWatch() {
  const cache = useQueryClient()
  const router = useRouter()
  useChanges(
    (change) => change.kind === "role.changed",
    () => {
      void cache.invalidateQueries()
      // A page that was refused before may be open now.
      void router.invalidate()
    },
  )
  return null
}
