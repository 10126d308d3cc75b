/** What the buttons of an environment window do, for working on the page. */
import { HttpResponse, http } from "msw"
import { missing } from "./answers"
import { courseOf } from "./db"
import { end, restart, start } from "./starts"
import { windowFor } from "./windows"

export const environmentHandlers = [
  http.get("/api/courses/:id/window", ({ params }) => {
    const course = courseOf(params.id)
    return course ? HttpResponse.json(windowFor(course)) : missing()
  }),
  ...(["start", "stop", "restart", "cancel"] as const).map((verb) =>
    http.post(`/api/courses/:id/environment/${verb}`, ({ params }) => {
      const course = courseOf(params.id)
      if (!course) return missing()
      if (verb === "start") start(course.id)
      if (verb === "restart") restart(course.id)
      if (verb === "stop") end(course.id, "stopped_by_owner")
      if (verb === "cancel") end(course.id, "cancelled")
      return HttpResponse.json(windowFor(course), { status: 202 })
    }),
  ),
  http.post("/api/courses/:id/environment/credentials/renew", ({ params }) => {
    const course = courseOf(params.id)
    if (!course) return missing()
    restart(course.id)
    return HttpResponse.json(windowFor(course), { status: 202 })
  }),
  http.get("/api/courses/:id/environment/credentials", () =>
    HttpResponse.json({ username: "strange_mcclintock", password: "mauve-Otter7-plume-Rill3" }),
  ),
  http.get("/api/courses/:id/environment/logs", () =>
    HttpResponse.json({
      text: "[I ServerApp] jupyterlab | extension was successfully loaded.\n[I ServerApp] Serving notebooks from local directory: /home/student/work\n[I ServerApp] Jupyter Server is running at port 8888\n",
    }),
  ),
  http.post("/api/courses/:id/environment/ports/:number/open", () =>
    HttpResponse.json({ url: `${location.origin}/fake-environment`, ticket: "fake" }),
  ),
]
