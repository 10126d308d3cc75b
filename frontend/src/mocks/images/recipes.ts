/** What builds were made of, and which courses run them. */
import { HttpResponse } from "msw"
import type { BuildStatus } from "@/api/types"
import { missing } from "@/mocks/answers"
import { buildOf, courses, imageOf } from "@/mocks/db"
import { fake } from "@/mocks/fake"

function coursesOf(build: BuildStatus) {
  const items = courses
    .filter((course) => course.image?.image_id === build.image_id)
    .map((course) => ({
      course_id: course.id,
      title: course.title,
      status: course.status ?? "draft",
      build_id: course.image?.build_id ?? build.id,
      build_number: course.image?.build_number ?? 0,
      running_environments: course.running_environments,
    }))
  return { items, others: 1 }
}

export const recipeHandlers = [
  fake.get("/api/builds/{build_id}/recipe", ({ params }) => {
    const build = buildOf(params.build_id)
    const image = build && imageOf(build.image_id)
    if (!build || !image) return missing()
    const older = image.dockerfile.replace(/^RUN (.*)$/m, "RUN echo before && $1")
    return HttpResponse.json({
      id: build.id,
      number: build.number,
      dockerfile: build.number === 1 ? older : image.dockerfile,
      wrapper: image.wrapper ?? "",
      context_digest: build.context_digest ?? null,
    })
  }),
  fake.get("/api/builds/{build_id}/courses", ({ params }) => {
    const build = buildOf(params.build_id)
    return build ? HttpResponse.json(coursesOf(build)) : missing()
  }),
  fake.put("/api/builds/{build_id}/courses", async ({ params, request }) => {
    const build = buildOf(params.build_id)
    if (!build) return missing()
    const { course_ids } = await request.json()
    for (const course of courses) {
      if (!course_ids.includes(course.id) || !course.image) continue
      course.image = { ...course.image, build_id: build.id, build_number: build.number }
    }
    return HttpResponse.json(coursesOf(build))
  }),
]
