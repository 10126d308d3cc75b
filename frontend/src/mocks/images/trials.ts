/** Trials of builds: each is a window like that of a course, with the ports of its image. */
import { HttpResponse } from "msw"
import type { BuildStatus } from "@/api/types"
import { missing, newId, problem } from "@/mocks/answers"
import { buildOf, courses, imageOf, type KeptCourse, trials, tried } from "@/mocks/db"
import { start } from "@/mocks/environments/starts"
import { fake } from "@/mocks/fake"

const MINUTES = 30

/** Builds whose image waits for an operator's approval to run as root. */
export const unapproved = new Set<string>()

const courseFor = (build: BuildStatus) =>
  [...tried].find(([, known]) => known.build_id === build.id)?.[0] ?? null

function begin(build: BuildStatus): string {
  const known = courseFor(build)
  if (known) return known
  const image = imageOf(build.image_id)
  const trial: KeptCourse = {
    ...(courses[0] as KeptCourse),
    id: newId(1),
    title: `${image?.title} · ${build.number}`,
    description: "",
    ports: image?.ports ?? [],
    work_folder: { save: false, path: image?.work_path ?? "/work" },
    window: { hidden_ports: [], links: [] },
    submissions: { allowed: false, until: null, in_sessions: false },
    sessions: [],
  }
  trials.push(trial)
  tried.set(trial.id, { image_id: build.image_id, build_id: build.id })
  return trial.id
}

export const trialHandlers = [
  fake.get("/api/builds/{build_id}/trial", ({ params }) => {
    const build = buildOf(params.build_id)
    if (!build) return missing()
    return HttpResponse.json({ course_id: courseFor(build), minutes: MINUTES })
  }),
  fake.post("/api/builds/{build_id}/trial", ({ params }) => {
    const build = buildOf(params.build_id)
    if (!build) return missing()
    if (unapproved.has(build.id)) return problem(409, "root_not_approved")
    const course_id = begin(build)
    start(course_id)
    return HttpResponse.json({ course_id, minutes: MINUTES }, { status: 202 })
  }),
]
