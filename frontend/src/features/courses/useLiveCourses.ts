/** Keeps what is shown of Courses in step with what happens to them. */
import { useQueryClient } from "@tanstack/react-query"
import { useLive } from "@/lib/live"

const SHOWN = [
  "/api/courses",
  "/api/courses/{course_id}",
  "/api/courses/{course_id}/sessions",
  "/api/courses/{course_id}/people",
]

export function useLiveCourses(): void {
  const cache = useQueryClient()
  useLive(
    (change) => change.kind === "course.changed" || change.kind === "environment.changed",
    () => {
      void cache.invalidateQueries({
        predicate: ({ queryKey }) => SHOWN.includes(String(queryKey[1])),
      })
    },
  )
}
