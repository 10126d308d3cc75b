/** Join links and a student's own activities, for working on the page. */
import { HttpResponse } from "msw"
import type { JoinLink, MyCourse } from "@/api/types"
import { problem } from "@/mocks/answers"
import { at, courses, uuid } from "@/mocks/db"
import { fake } from "@/mocks/fake"
import { environmentOf } from "./states"

const CODE = "K7F3-9QD2"
const links = new Map<string, JoinLink>()

const shown = (id: unknown) => ({ link: links.get(String(id)) ?? null, joined: 3 })

export const joinHandlers = [
  fake.get("/api/courses/{course_id}/join-link", ({ params }) =>
    HttpResponse.json(shown(params.course_id)),
  ),
  fake.put("/api/courses/{course_id}/join-link", async ({ params, request }) => {
    const terms = await request.json()
    const url = `https://mydocker.example.edu/join/${CODE}`
    links.set(String(params.course_id), { code: CODE, url, created_at: at(0), ...terms })
    return HttpResponse.json(shown(params.course_id))
  }),
  fake.post("/api/courses/{course_id}/join-link/renew", ({ params }) =>
    HttpResponse.json(shown(params.course_id)),
  ),
  fake.delete("/api/courses/{course_id}/join-link", ({ params }) => {
    links.delete(String(params.course_id))
    return new HttpResponse(null, { status: 204 })
  }),
  fake.post("/api/join", async ({ request }) => {
    const { code } = await request.json()
    if (code !== CODE) return problem(404, "join_code_unknown")
    return HttpResponse.json({ course_id: uuid(1, 1), title: courses[0]?.title ?? "" })
  }),
  fake.get("/api/activities", () =>
    HttpResponse.json({
      now: at(0),
      courses: courses
        .filter(({ status }) => status === "ready")
        .map(({ id, title, description }): MyCourse => {
          const { state, ends_at, since } = environmentOf(id)
          const phase =
            state === "ready" || state === "starting" || state === "failed" ? state : null
          return { id, title, description: description ?? "", phase, ends_at, started_at: since }
        }),
      sessions: courses.flatMap(({ title, sessions }) =>
        sessions
          .filter(({ state }) => state !== "over")
          .map((session) => ({ ...session, course_title: title })),
      ),
    }),
  ),
]
