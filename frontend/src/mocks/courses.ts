/** Courses and their sessions for working on the page. */
import { HttpResponse, http } from "msw"
import type { Course, CourseDraft, SessionDraft, VersionedSession } from "@/api/types"
import { missing, newEtag, newId, outdated, page } from "./answers"
import { buildOf, courseOf, courses, imageOf, type KeptCourse } from "./db"

const nextOf = (course: KeptCourse) =>
  course.sessions.find((session) => session.state === "running") ??
  course.sessions.find((session) => session.state === "upcoming") ??
  null

const shown = (course: KeptCourse): Course => ({
  ...course,
  sessions: {
    total: course.sessions.length,
    next: nextOf(course),
    most_students: Math.max(0, ...course.sessions.map((session) => session.students)),
    last_students: course.sessions.at(-1)?.students ?? null,
  },
})

const sessionOf = (id: unknown) =>
  courses.flatMap((course) => course.sessions).find((session) => session.id === id)

const summary = (course: KeptCourse) => ({
  ...course,
  image_title: course.image?.image_title ?? null,
  sessions: course.sessions.length,
  next_session: nextOf(course),
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

export const courseHandlers = [
  http.get("/api/courses", ({ request }) => {
    const statuses = new URL(request.url).searchParams.getAll("status")
    return page(
      request,
      courses
        .filter((entry) => statuses.length === 0 || statuses.includes(entry.status ?? "draft"))
        .map(summary),
    )
  }),
  http.post("/api/courses", async ({ request }) => {
    const draft = (await request.json()) as CourseDraft
    const course = {
      ...(courses[0] as KeptCourse),
      ...draft,
      id: newId(1),
      image: null,
      sessions: [],
      running_environments: 0,
      placed_links: 0,
      updated_at: new Date().toISOString(),
    }
    courses.unshift(course)
    return HttpResponse.json(shown(course), { status: 201 })
  }),
  http.get("/api/courses/:id", ({ params }) => {
    const course = courseOf(params.id)
    return course ? HttpResponse.json(shown(course)) : missing()
  }),
  http.put("/api/courses/:id", async ({ params, request }) => {
    const course = courseOf(params.id)
    if (!course) return missing()
    const refusal = outdated(request, course)
    if (refusal) return refusal
    const draft = (await request.json()) as CourseDraft
    Object.assign(course, draft, {
      etag: newEtag(),
      image: imageOfBuild(draft.build_id),
      effective_cpu: draft.resources?.cpu ?? 1,
      effective_memory_mib: draft.resources?.memory_mib ?? 1024,
      updated_at: new Date().toISOString(),
    })
    return HttpResponse.json(shown(course))
  }),
  http.delete("/api/courses/:id", ({ params, request }) => {
    const course = courseOf(params.id)
    if (!course) return missing()
    const refusal = outdated(request, course)
    if (refusal) return refusal
    courses.splice(courses.indexOf(course), 1)
    return new HttpResponse(null, { status: 204 })
  }),
  http.post("/api/courses/:id/status", async ({ params, request }) => {
    const course = courseOf(params.id)
    if (!course) return missing()
    const refusal = outdated(request, course)
    if (refusal) return refusal
    Object.assign(course, await request.json(), { etag: newEtag() })
    return HttpResponse.json(shown(course))
  }),
  http.post("/api/courses/:id/duplicate", ({ params }) => {
    const course = courseOf(params.id)
    if (!course) return missing()
    const copy: KeptCourse = {
      ...course,
      id: newId(1),
      title: `${course.title} (2)`,
      status: "draft",
      sessions: [],
    }
    courses.unshift(copy)
    return HttpResponse.json(shown(copy), { status: 201 })
  }),
  http.get("/api/courses/:id/sessions", ({ params, request }) => {
    const course = courseOf(params.id)
    if (!course) return missing()
    const query = new URL(request.url).searchParams
    const [number, size] = [Number(query.get("page") ?? 1), Number(query.get("page_size") ?? 50)]
    const coming = course.sessions.filter((session) => session.state !== "over")
    const past = course.sessions.filter((session) => session.state === "over").reverse()
    const items = [...coming, ...past].slice((number - 1) * size, number * size)
    return HttpResponse.json({
      items,
      total: course.sessions.length,
      page: number,
      page_size: size,
    })
  }),
  http.post("/api/courses/:id/sessions", async ({ params, request }) => {
    const course = courseOf(params.id)
    if (!course) return missing()
    const draft = (await request.json()) as SessionDraft
    const session: VersionedSession = {
      ...draft,
      id: newId(4),
      etag: newEtag(),
      course_id: course.id,
      course_title: course.title,
      state: "upcoming",
    }
    course.sessions.push(session)
    return HttpResponse.json(session, { status: 201 })
  }),
  http.put("/api/sessions/:id", async ({ params, request }) => {
    const session = sessionOf(params.id)
    if (!session) return missing()
    const refusal = outdated(request, session)
    if (refusal) return refusal
    Object.assign(session, await request.json(), { etag: newEtag() })
    return HttpResponse.json(session)
  }),
  http.get("/api/sessions/:id", ({ params }) => {
    const session = sessionOf(params.id)
    return session ? HttpResponse.json(session) : missing()
  }),
  http.delete("/api/sessions/:id", ({ params, request }) => {
    const session = sessionOf(params.id)
    if (!session) return missing()
    const refusal = outdated(request, session)
    if (refusal) return refusal
    for (const course of courses) {
      course.sessions = course.sessions.filter((session) => session.id !== params.id)
    }
    return new HttpResponse(null, { status: 204 })
  }),
  http.get("/api/sessions", ({ request }) => {
    const query = new URL(request.url).searchParams
    const from = new Date(query.get("from") ?? 0).getTime()
    const to = new Date(query.get("to") ?? 8e15).getTime()
    const items = courses
      .flatMap((course) => course.sessions.map((own) => ({ ...own, course_title: course.title })))
      .filter(
        (entry) =>
          new Date(entry.starts_at).getTime() < to && new Date(entry.ends_at).getTime() > from,
      )
    return HttpResponse.json({ items, total: items.length, page: 1, page_size: 200 })
  }),
  http.post("/api/resource-links/:id/binding", async ({ request }) => {
    const { course_id } = (await request.json()) as { course_id: string }
    return HttpResponse.json({ kind: "window", course_id })
  }),
]
