/** Everything a visit shows: gone at once when it ends, in every tab, with nothing under the error. */
import { useQueryClient } from "@tanstack/react-query"
import { useRouter } from "@tanstack/react-router"
import { type ReactNode, useEffect, useSyncExternalStore } from "react"
import { onVisitEnd, visitEnd } from "@/api/session"
import { useChanges } from "@/lib/live"
import { VisitOverPage } from "@/ui/VisitOverPage"

/** Around all pages: in place of them, once the visit is over. */
export function VisitBoundary({ children }: { children: ReactNode }) {
  const over = useSyncExternalStore(onVisitEnd, visitEnd)
  const cache = useQueryClient()
  useEffect(() => {
    if (over) cache.clear()
  }, [over, cache])
  return over ? <VisitOverPage problem={over} /> : children
}

/** Listens on every page of a visit: that it ends, and that the person's rights change. */
export function VisitWatch() {
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
