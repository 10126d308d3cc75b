/** What the buttons of an environment window do, for working on the page. */
import { HttpResponse } from "msw"
import { missing } from "@/mocks/answers"
import { courseOf } from "@/mocks/db"
import { fake } from "@/mocks/fake"
import { end, restart, start } from "./starts"
import { windowFor } from "./windows"

type Act = (courseId: string) => void

const ACTS = [
  ["/api/courses/{course_id}/environment/start", start as Act],
  ["/api/courses/{course_id}/environment/restart", restart as Act],
  ["/api/courses/{course_id}/environment/stop", (id) => end(id, "stopped_by_owner")],
  ["/api/courses/{course_id}/environment/cancel", (id) => end(id, "cancelled")],
] as const satisfies [string, Act][]

export const environmentHandlers = [
  fake.get("/api/courses/{course_id}/window", ({ params }) => {
    const course = courseOf(params.course_id)
    return course ? HttpResponse.json(windowFor(course)) : missing()
  }),
  ...ACTS.map(([path, act]) =>
    fake.post(path, ({ params }) => {
      const course = courseOf(params.course_id)
      if (!course) return missing()
      act(course.id)
      return HttpResponse.json(windowFor(course), { status: 202 })
    }),
  ),
  fake.post("/api/courses/{course_id}/environment/credentials/renew", ({ params }) => {
    const course = courseOf(params.course_id)
    if (!course) return missing()
    restart(course.id)
    return HttpResponse.json(windowFor(course), { status: 202 })
  }),
  fake.get("/api/courses/{course_id}/environment/credentials", () =>
    HttpResponse.json({ username: "strange_mcclintock", password: "mauve-Otter7-plume-Rill3" }),
  ),
  fake.get("/api/courses/{course_id}/environment/logs", () =>
    HttpResponse.json({
      text: "[I ServerApp] jupyterlab | extension was successfully loaded.\n[I ServerApp] Serving notebooks from local directory: /home/student/work\n[I ServerApp] Jupyter Server is running at port 8888\n",
    }),
  ),
  fake.post("/api/courses/{course_id}/environment/ports/{number}/open", () =>
    HttpResponse.json({ url: `${location.origin}/fake-environment`, ticket: "fake" }),
  ),
]
