/** A fake api and gateway, for working on the page and testing it without the platform. */
import { HttpResponse, http } from "msw"
import type {
  BuildStatus,
  Course,
  CourseDraft,
  CourseSession,
  Image,
  ImageDraft,
  SessionDraft,
} from "@/api/types"
import { capacityHandlers } from "./capacity"
import { builds, catalogue, courses, images, lastBuild, uuid } from "./db"
import { isOver, logOf, startBuild } from "./fakeBuilds"
import { peopleHandlers } from "./people"
import { platformHandlers } from "./platforms"
import { end, listeners, restart, start } from "./starts"
import { windowFor } from "./windows"

let made = 500

const problem = (status: number, code: string) =>
  HttpResponse.json(
    { type: "about:blank", title: code, status, code, request_id: "c0ffee5ca1ab1e" },
    { status },
  )
const missing = () => problem(404, "not_found")

function signed(kind: string) {
  const courseId = uuid(1, 1)
  const landings: Record<string, object> = {
    student: { kind: "window", course_id: courseId },
    teacher: { kind: "course", course_id: courseId },
    picker: { kind: "picker", deep_linking_id: uuid(7, 1) },
    bind: { kind: "bind", resource_link_id: uuid(6, 1) },
    nothing: { kind: "nothing_yet" },
    lost: { kind: "unknown_course" },
  }
  const landing = landings[kind] ?? { kind: "dashboard" }
  return HttpResponse.json({ access_token: "fake", expires_in: 600, landing, locale: null })
}

const gateway = [
  http.post("/lti/tickets", async ({ request }) => {
    const { ticket } = (await request.json()) as { ticket: string }
    if (["used", "expired", "unknown"].includes(ticket)) return problem(400, `ticket_${ticket}`)
    return signed(ticket)
  }),
  http.post("/lti/tokens/refresh", () =>
    location.search.includes("over") ? problem(401, "web_session_over") : signed("dashboard"),
  ),
  http.get("/lti/deep-linking/:id", () => HttpResponse.json({ several: true, grade_column: true })),
  http.post("/lti/deep-linking/:id", () =>
    HttpResponse.json({ return_url: "/fake-lms", jwt: "fake.jwt.value" }),
  ),
  http.post("/lti/deep-linking/:id/cancel", () =>
    HttpResponse.json({ return_url: "/fake-lms", jwt: "fake.jwt.value" }),
  ),
]

const courseOf = (id: unknown) => courses.find((each) => each.id === id)
const imageOf = (id: unknown) => images.find((each) => each.id === id)
const buildOf = (id: unknown) => builds.find((each) => each.id === id)
const whole = (image: Image): Image => ({ ...image, last_build: lastBuild(image.id) })

function page<T extends { title: string; updated_at: string }>(request: Request, all: T[]) {
  const query = new URL(request.url).searchParams
  const search = (query.get("search") ?? "").toLowerCase()
  const sort = query.get("sort") ?? "-updated_at"
  const key = sort.replace("-", "") as "title" | "updated_at"
  const way = sort.startsWith("-") ? -1 : 1
  const found = all
    .filter((each) => each.title.toLowerCase().includes(search))
    .sort((a, b) => way * a[key].localeCompare(b[key]))
  const number = Number(query.get("page") ?? 1)
  const size = Number(query.get("page_size") ?? 20)
  const items = found.slice((number - 1) * size, number * size)
  return HttpResponse.json({ items, total: found.length, page: number, page_size: size })
}

const summary = (course: Course) => ({
  ...course,
  image_title: course.image?.image_title ?? null,
  sessions: course.sessions.length,
  next_session:
    course.sessions.find((each) => each.state === "running") ??
    course.sessions.find((each) => each.state === "upcoming") ??
    null,
})

function imageOfBuild(buildId: string | null | undefined): Course["image"] {
  const build = buildOf(buildId)
  const image = imageOf(build?.image_id)
  if (!build || !image) return null
  return {
    image_id: image.id,
    image_title: image.title,
    build_id: build.id,
    build_number: build.number,
    reference: build.reference ?? "",
  }
}

const courseHandlers = [
  http.get("/api/courses", ({ request }) => {
    const statuses = new URL(request.url).searchParams.getAll("status")
    return page(
      request,
      courses
        .filter((each) => statuses.length === 0 || statuses.includes(each.status ?? "draft"))
        .map(summary),
    )
  }),
  http.post("/api/courses", async ({ request }) => {
    const draft = (await request.json()) as CourseDraft
    made += 1
    const course = {
      ...(courses[0] as Course),
      ...draft,
      id: uuid(1, made),
      image: null,
      sessions: [],
      running_environments: 0,
      placed_links: 0,
      updated_at: new Date().toISOString(),
    }
    courses.unshift(course)
    return HttpResponse.json(course, { status: 201 })
  }),
  http.get("/api/courses/:id", ({ params }) => {
    const course = courseOf(params.id)
    return course ? HttpResponse.json(course) : missing()
  }),
  http.put("/api/courses/:id", async ({ params, request }) => {
    const course = courseOf(params.id)
    if (!course) return missing()
    const draft = (await request.json()) as CourseDraft
    Object.assign(course, draft, {
      image: imageOfBuild(draft.build_id),
      effective_cpu: draft.resources?.cpu ?? 1,
      effective_memory_mib: draft.resources?.memory_mib ?? 1024,
      updated_at: new Date().toISOString(),
    })
    return HttpResponse.json(course)
  }),
  http.delete("/api/courses/:id", ({ params }) => {
    courses.splice(
      courses.findIndex((each) => each.id === params.id),
      1,
    )
    return new HttpResponse(null, { status: 204 })
  }),
  http.post("/api/courses/:id/status", async ({ params, request }) => {
    const course = courseOf(params.id)
    if (!course) return missing()
    Object.assign(course, await request.json())
    return HttpResponse.json(course)
  }),
  http.post("/api/courses/:id/duplicate", ({ params }) => {
    const course = courseOf(params.id)
    if (!course) return missing()
    made += 1
    const copy: Course = {
      ...course,
      id: uuid(1, made),
      title: `${course.title} (2)`,
      status: "draft",
      sessions: [],
    }
    courses.unshift(copy)
    return HttpResponse.json(copy, { status: 201 })
  }),
  http.post("/api/courses/:id/sessions", async ({ params, request }) => {
    const course = courseOf(params.id)
    if (!course) return missing()
    made += 1
    const draft = (await request.json()) as SessionDraft
    const session: CourseSession = {
      ...draft,
      id: uuid(4, made),
      course_id: course.id,
      course_title: course.title,
      state: "upcoming",
    }
    course.sessions.push(session)
    return HttpResponse.json(session, { status: 201 })
  }),
  http.put("/api/sessions/:id", async ({ params, request }) => {
    const session = courses.flatMap((each) => each.sessions).find((each) => each.id === params.id)
    if (!session) return missing()
    Object.assign(session, await request.json())
    return HttpResponse.json(session)
  }),
  http.delete("/api/sessions/:id", ({ params }) => {
    for (const course of courses) {
      course.sessions = course.sessions.filter((each) => each.id !== params.id)
    }
    return new HttpResponse(null, { status: 204 })
  }),
  http.get("/api/sessions", ({ request }) => {
    const query = new URL(request.url).searchParams
    const from = new Date(query.get("from") ?? 0).getTime()
    const to = new Date(query.get("to") ?? 8e15).getTime()
    const items = courses
      .flatMap((each) => each.sessions.map((own) => ({ ...own, course_title: each.title })))
      .filter(
        (each) =>
          new Date(each.starts_at).getTime() < to && new Date(each.ends_at).getTime() > from,
      )
    return HttpResponse.json({ items, total: items.length, page: 1, page_size: 200 })
  }),
  http.post("/api/resource-links/:id/binding", async ({ request }) => {
    const { course_id } = (await request.json()) as { course_id: string }
    return HttpResponse.json({ kind: "course", course_id })
  }),
]

const windowHandlers = [
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

const imageHandlers = [
  http.get("/api/images", ({ request }) => page(request, images.map(whole))),
  http.post("/api/images", async ({ request }) => {
    made += 1
    const draft = (await request.json()) as ImageDraft
    const image: Image = {
      ...(images[3] as Image),
      ...draft,
      id: uuid(2, made),
      updated_at: new Date().toISOString(),
    }
    images.unshift(image)
    return HttpResponse.json(image, { status: 201 })
  }),
  http.get("/api/images/:id", ({ params }) => {
    const image = imageOf(params.id)
    return image ? HttpResponse.json(whole(image)) : missing()
  }),
  http.put("/api/images/:id", async ({ params, request }) => {
    const image = imageOf(params.id)
    if (!image) return missing()
    Object.assign(image, await request.json(), { updated_at: new Date().toISOString() })
    return HttpResponse.json(whole(image))
  }),
  http.delete("/api/images/:id", ({ params }) => {
    images.splice(
      images.findIndex((each) => each.id === params.id),
      1,
    )
    return new HttpResponse(null, { status: 204 })
  }),
  http.get("/api/images/:id/builds", ({ params }) => {
    const items = builds.filter((each) => each.image_id === params.id).reverse()
    return HttpResponse.json({ items, total: items.length, page: 1, page_size: 50 })
  }),
  http.post("/api/images/:id/builds", ({ params }) => {
    const image = imageOf(params.id)
    return image ? HttpResponse.json(startBuild(image), { status: 202 }) : missing()
  }),
  http.get("/api/builds/:id", ({ params }) => {
    const build = buildOf(params.id)
    return build ? HttpResponse.json(build) : missing()
  }),
  http.post("/api/builds/:id/cancel", ({ params }) => {
    const build = buildOf(params.id)
    if (!build) return missing()
    Object.assign(build, { phase: "cancelled", ended_at: new Date().toISOString() })
    return HttpResponse.json(build)
  }),
  http.get("/api/catalogue", () => HttpResponse.json(catalogue)),
  http.post("/api/catalogue/:name/copy", ({ params }) => {
    made += 1
    const entry = catalogue.find((each) => each.name === params.name)
    const model = params.name === "openssl" ? images[1] : images[0]
    const copy: Image = {
      ...(model as Image),
      id: uuid(2, made),
      title: entry?.title.en ?? "",
      used_by: 0,
    }
    images.unshift(copy)
    return HttpResponse.json(copy, { status: 201 })
  }),
]

type Send = (event: string, data: object) => void

function stream(request: Request, begin: (send: Send) => () => void): HttpResponse<BodyInit> {
  const text = new TextEncoder()
  const body = new ReadableStream({
    start(controller) {
      const stop = begin((event, data) =>
        controller.enqueue(text.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)),
      )
      controller.enqueue(text.encode(": hello\n\n"))
      request.signal.addEventListener("abort", () => stop())
    },
  })
  return new HttpResponse(body, { headers: { "content-type": "text/event-stream" } })
}

function follow(build: BuildStatus, after: number, send: Send): () => void {
  let sent = after
  const timer = setInterval(() => {
    for (const line of logOf(build).slice(sent)) {
      send("line", line)
      sent = line.number
    }
    if (isOver(build)) {
      send("end", {})
      clearInterval(timer)
    }
  }, 200)
  return () => clearInterval(timer)
}

const streams = [
  http.get("/api/events", ({ request }) =>
    stream(request, (send) => {
      listeners.add(send)
      return () => listeners.delete(send)
    }),
  ),
  http.get("/api/builds/:id/log/stream", ({ params, request }) => {
    const build = buildOf(params.id)
    if (!build) return missing()
    const after = Number(new URL(request.url).searchParams.get("after") ?? 0)
    return stream(request, (send) => follow(build, after, send))
  }),
]

export const handlers = [
  ...gateway,
  ...courseHandlers,
  ...windowHandlers,
  ...imageHandlers,
  ...peopleHandlers,
  ...platformHandlers,
  ...capacityHandlers,
  ...streams,
  http.get("/api/me", () =>
    HttpResponse.json({
      id: uuid(9, 1),
      name: "Claire Fontaine",
      email: "claire.fontaine@example.edu",
      locale: "en",
      can: ["create_courses", "build_images", "operate"],
      build_approval: "approved",
      contexts: [{ id: uuid(8, 1), title: "Statistics, second year", role: "teacher" }],
    }),
  ),
]
