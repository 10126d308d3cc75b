/** Courses and their sessions for working on the page. */
import { HttpResponse } from "msw"
import type { Course, VersionedSession } from "@/api/types"
import { missing, newEtag, newId, outdated, page, problem } from "./answers"
import { buildOf, courseOf, courses, imageOf, type KeptCourse } from "./db"
import { fake } from "./fake"
import { capacityCheck } from "./machines/capacityCheck"
import { dryRun } from "./machines/dryRun"

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

const REGISTRIES = ["docker.io/library", "ghcr.io/school"]

/** Only `debian:12` is there; everything else is refused as the api does. */
function pinnedOf(reference: string | null | undefined): string | null {
  return /^(docker\.io\/library\/)?debian:12$/.test(reference?.trim() ?? "")
    ? `docker.io/library/debian@sha256:${"ab12".repeat(16)}`
    : null
}

const notFound = () =>
  problem(422, "fields_invalid", {
    fields: [{ field: "external_image", code: "reference_not_found", message: "unknown" }],
  })

export const courseHandlers = [
  fake.get("/api/image-registries", () => HttpResponse.json({ items: REGISTRIES })),
  fake.post("/api/image-references", async ({ request }) => {
    const { reference } = await request.json()
    const pinned = pinnedOf(reference)
    if (!pinned) return notFound()
    return HttpResponse.json({
      reference: "docker.io/library/debian:12",
      pinned,
      refusal: null,
      message: "",
    })
  }),
  fake.post("/api/courses/{course_id}/external-image", ({ params }) => {
    const course = courseOf(params.course_id)
    return course ? HttpResponse.json(shown(course)) : missing()
  }),
  fake.get("/api/courses", ({ request }) => {
    const statuses = new URL(request.url).searchParams.getAll("status")
    return page(
      request,
      courses
        .filter((entry) => statuses.length === 0 || statuses.includes(entry.status ?? "draft"))
        .map(summary),
    )
  }),
  fake.post("/api/courses", async ({ request }) => {
    const draft = await request.json()
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
  fake.get("/api/courses/{course_id}", ({ params }) => {
    const course = courseOf(params.course_id)
    return course ? HttpResponse.json(shown(course)) : missing()
  }),
  fake.put("/api/courses/{course_id}", async ({ params, request }) => {
    const course = courseOf(params.course_id)
    if (!course) return missing()
    const refusal = outdated(request, course)
    if (refusal) return refusal
    const draft = await request.json()
    const pinned = pinnedOf(draft.external_image)
    if (draft.external_image && !pinned) return notFound()
    Object.assign(course, draft, {
      etag: newEtag(),
      image: imageOfBuild(draft.build_id),
      external: pinned ? { reference: draft.external_image ?? "", pinned } : null,
      effective_cpu: draft.resources?.cpu ?? 1,
      effective_memory_mib: draft.resources?.memory_mib ?? 1024,
      updated_at: new Date().toISOString(),
    })
    return HttpResponse.json(shown(course))
  }),
  fake.delete("/api/courses/{course_id}", ({ params, request }) => {
    const course = courseOf(params.course_id)
    if (!course) return missing()
    const refusal = outdated(request, course)
    if (refusal) return refusal
    courses.splice(courses.indexOf(course), 1)
    return new HttpResponse(null, { status: 204 })
  }),
  fake.post("/api/courses/{course_id}/status", async ({ params, request }) => {
    const course = courseOf(params.course_id)
    if (!course) return missing()
    const refusal = outdated(request, course)
    if (refusal) return refusal
    Object.assign(course, await request.json(), { etag: newEtag() })
    return HttpResponse.json(shown(course))
  }),
  fake.post("/api/courses/{course_id}/duplicate", ({ params }) => {
    const course = courseOf(params.course_id)
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
  fake.get("/api/courses/{course_id}/sessions", ({ params, request }) => {
    const course = courseOf(params.course_id)
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
  fake.get("/api/courses/{course_id}/capacity-check", ({ request }) => {
    const query = new URL(request.url).searchParams
    return HttpResponse.json(
      capacityCheck(Number(query.get("students")), query.get("starts_at") ?? ""),
    )
  }),
  fake.get("/api/courses/{course_id}/dry-run", ({ request }) =>
    HttpResponse.json(dryRun(new URL(request.url).searchParams)),
  ),
  fake.post("/api/courses/{course_id}/sessions/bulk", async ({ params, request }) => {
    const course = courseOf(params.course_id)
    if (!course) return missing()
    const { items } = await request.json()
    const planned = items.map(
      (draft): VersionedSession => ({
        ...draft,
        id: newId(4),
        etag: newEtag(),
        course_id: course.id,
        course_title: course.title,
        state: "upcoming",
        capacity:
          capacityCheck(draft.students, draft.starts_at).fitting < draft.students
            ? "requested"
            : "reserved",
        capacity_reason: "",
        extra_minutes: 0,
        extra_people: 0,
      }),
    )
    course.sessions.push(...planned)
    return HttpResponse.json({ items: planned }, { status: 201 })
  }),
  fake.put("/api/sessions/{session_id}", async ({ params, request }) => {
    const session = sessionOf(params.session_id)
    if (!session) return missing()
    const refusal = outdated(request, session)
    if (refusal) return refusal
    Object.assign(session, await request.json(), { etag: newEtag() })
    return HttpResponse.json(session)
  }),
  fake.get("/api/sessions/{session_id}", ({ params }) => {
    const session = sessionOf(params.session_id)
    return session ? HttpResponse.json(session) : missing()
  }),
  fake.delete("/api/sessions/{session_id}", ({ params, request }) => {
    const session = sessionOf(params.session_id)
    if (!session) return missing()
    const refusal = outdated(request, session)
    if (refusal) return refusal
    for (const course of courses) {
      course.sessions = course.sessions.filter((session) => session.id !== params.session_id)
    }
    return new HttpResponse(null, { status: 204 })
  }),
  fake.get("/api/sessions", ({ request }) => {
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
  fake.post("/api/resource-links/{resource_link_id}/binding", async ({ request }) => {
    const { course_id } = await request.json()
    return HttpResponse.json({ kind: "window", course_id, embedded: true })
  }),
]
