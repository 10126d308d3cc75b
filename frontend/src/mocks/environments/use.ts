/** Use of a course of the fake campus. */
import { HttpResponse } from "msw"
import type { CourseUseRun } from "@/api/types"
import { fake } from "@/mocks/fake"

const HOUR = 3_600_000
const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString()

const runs: CourseUseRun[] = ["Amina Benali", "Lucas Moreau", "Zoé Martin"].map((name, index) => ({
  key: String(index),
  name,
  email: null,
  began_at: ago(26 * index + 3),
  ended_at: index === 0 ? null : ago(26 * index + 1),
  minutes: 120 + index * 35,
}))

export const useHandlers = [
  fake.get("/api/courses/{course_id}/use", ({ request }) => {
    const from = new Date(new URL(request.url).searchParams.get("from") ?? "")
    const days = Array.from({ length: 30 }, (_, day) => ({
      at: new Date(from.getTime() + day * 24 * HOUR).toISOString(),
      people: (day * 7) % 24,
      hours: ((day * 7) % 24) * 1.8,
    }))
    return HttpResponse.json({ people: 24, hours: 412.5, days })
  }),
  fake.get("/api/courses/{course_id}/use/runs", () =>
    HttpResponse.json({ items: runs, total: runs.length, page: 1, page_size: 25 }),
  ),
]
