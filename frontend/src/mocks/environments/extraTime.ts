/** Extra time of the fake campus. */
import { HttpResponse } from "msw"
import type { ExtraTime } from "@/api/types"
import { newId } from "@/mocks/answers"
import { uuid } from "@/mocks/db"
import { fake } from "@/mocks/fake"

const granted: ExtraTime[] = [
  {
    id: uuid(4, 90),
    user_id: uuid(9, 7),
    user_name: "Hugo Benali",
    session_id: null,
    minutes: null,
    percent: 33,
    granted_by: "Grace Hopper",
    granted_at: new Date(Date.now() - 86_400_000).toISOString(),
  },
]

export const extraTimeHandlers = [
  fake.get("/api/courses/{course_id}/extra-time", () =>
    HttpResponse.json({ items: granted, may_grant_everybody: true }),
  ),
  fake.post("/api/courses/{course_id}/extra-time", async ({ request }) => {
    const draft = await request.json()
    const row: ExtraTime = {
      ...draft,
      id: newId(4),
      user_name: null,
      granted_by: "Grace Hopper",
      granted_at: new Date().toISOString(),
    }
    granted.unshift(row)
    return HttpResponse.json(row, { status: 201 })
  }),
  fake.delete("/api/courses/{course_id}/extra-time/{grant_id}", ({ params }) => {
    const index = granted.findIndex(({ id }) => id === params.grant_id)
    if (index >= 0) granted.splice(index, 1)
    return new HttpResponse(null, { status: 204 })
  }),
]
