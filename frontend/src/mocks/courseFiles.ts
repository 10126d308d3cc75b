/** Courses as files: what a file of another school would make here. */
import { HttpResponse } from "msw"
import type { components } from "@/api/schema"
import { newId } from "./answers"
import { courses, type KeptCourse } from "./db"
import { fake } from "./fake"

type Schemas = components["schemas"]

const LEFT_OUT: Schemas["LeftOut"][] = [
  { field: "resources.pool", code: "pool_unknown", value: "gpu-a100" },
  { field: "resources.gpu", code: "gpu_over_maximum", value: "2" },
]
const CHECK: Schemas["ImportCheck"] = {
  title: "Introduction to databases",
  description: "PostgreSQL in the browser: queries, indexes, transactions.",
  is_title_taken: true,
  suggested_title: "Introduction to databases (2)",
  image: {
    title: "PostgreSQL 17 with pgAdmin",
    is_title_taken: true,
    files: 12,
    size: 2_450_000,
    files_left_out: false,
    problems: [
      {
        line: 1,
        kind: "base_forbidden",
        source: "registry.other-school.example/pg:17",
        suggestion: "",
      },
    ],
    origins: ["existing", "new", "none"],
    existing_id: null,
  },
  external_image: null,
  sessions: 6,
  days: 36,
  left_out: LEFT_OUT,
}

export const courseFileHandlers = [
  // The description gives a file no body.
  fake.get(
    "/api/courses/{course_id}/export",
    () => HttpResponse.text("zip") as unknown as HttpResponse<null>,
  ),
  fake.post("/api/course-imports/check", () => HttpResponse.json(CHECK)),
  fake.post("/api/course-imports", async ({ request }) => {
    const order = await request.json()
    const id = newId(1)
    const course: KeptCourse = {
      ...(courses[0] as KeptCourse),
      id,
      title: order.title ?? CHECK.title,
      status: "draft",
      image: order.image === "existing" ? (courses[0] as KeptCourse).image : null,
      sessions: [],
    }
    courses.unshift(course)
    return HttpResponse.json<Schemas["ImportedCourse"]>(
      {
        course: {
          ...course,
          sessions: { total: 0, next: null, most_students: 0, last_students: null },
        },
        image: null,
        sessions: order.first_day ? CHECK.sessions : 0,
        left_out: LEFT_OUT,
      },
      { status: 201 },
    )
  }),
]
