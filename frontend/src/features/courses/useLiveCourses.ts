/** Keeps what is shown of Courses in step with what happens to them. */
import { useQueryClient } from "@tanstack/react-query"
import { useRef } from "react"
import { useLive } from "@/lib/live"

const AT_MOST_EVERY = 1_000

export function useLiveCourses(): void {
  const cache = useQueryClient()
  const waiting = useRef(false)
  useLive(
    (change) => change.kind === "course.changed" || change.kind === "environment.changed",
    () => {
      // Thirty students starting at once are one refetch a second, not thirty.
      if (waiting.current) return
      waiting.current = true
      setTimeout(() => {
        waiting.current = false
        void cache.invalidateQueries({
          predicate: ({ queryKey }) =>
            [
              "/api/courses",
              "/api/courses/{course_id}",
              "/api/courses/{course_id}/sessions",
              "/api/courses/{course_id}/people",
            ].includes(String(queryKey[1])),
        })
      }, AT_MOST_EVERY)
    },
  )
}
