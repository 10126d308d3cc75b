/** The life of work folders on the fake campus. */
import { HttpResponse } from "msw"
import type { components } from "@/api/schema"
import { uuid } from "@/mocks/db"
import { fake } from "@/mocks/fake"

type Schemas = components["schemas"]

const days = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString()
type Dates = Pick<
  Schemas["MyFolder"],
  "notice" | "ended_at" | "erase_at" | "keep_until" | "deleted_at"
>
const dates: Dates = {
  notice: "first",
  ended_at: days(-68),
  erase_at: days(22),
  keep_until: null,
  deleted_at: null,
}
const noDates: Dates = { ...dates, notice: "none", ended_at: null, erase_at: null }

function folders(id: string, title: string, of: Partial<Schemas["CourseFolders"]> = {}) {
  return {
    ...noDates,
    course_id: id,
    course_title: title,
    folders: 24,
    people: 24,
    known_bytes: 9_400_000_000,
    measured: 22,
    retention_days: 90,
    deletion_days: 14,
    latest_keep: days(366),
    can: ["postpone"],
    ...of,
  } satisfies Schemas["CourseFolders"]
}

/** What was decided since the page was loaded. */
const keptUntil = new Map<string, string | null>()
const erased = new Set<string>()

const ENDING = [
  folders(uuid(1, 2), "Statistics, first year", { ...dates, erase_at: days(4), notice: "last" }),
  folders(uuid(1, 1), "Statistics with Python", dates),
  folders(uuid(1, 4), "Old practice", {
    ...dates,
    deleted_at: days(-2),
    erase_at: days(12),
    folders: 1,
    people: 1,
    measured: 0,
    can: ["undo_deletion"],
  }),
]
const ORPHANS: Schemas["OrphanFolder"][] = [
  {
    volume: "work-0f3c9b1a",
    kind: "no_owner",
    node: "worker-1",
    node_id: "n1",
    on_engine: true,
    created_at: days(-210),
    age_days: 210,
    bytes: 1_830_000_000,
  },
  {
    volume: "work-77aa01d4",
    kind: "other_copy",
    node: "worker-2",
    node_id: "n2",
    on_engine: true,
    created_at: days(-12),
    age_days: 12,
    bytes: null,
  },
]
const erasure = (number: number, of: Partial<Schemas["Erasure"]>): Schemas["Erasure"] => ({
  id: uuid(14, number),
  volume: `work-${number}c41b7`,
  cause: "retention",
  course_title: "Statistics, first year",
  asked_at: days(-number),
  asked_by: null,
  tries: 1,
  tried_at: days(-number),
  retry_at: null,
  problem: null,
  erased_at: days(-number),
  ...of,
})
const ERASURES = [
  erasure(1, { tries: 3, problem: "work_folder_unavailable", erased_at: null }),
  erasure(2, { cause: "course_deleted", asked_by: "Claire Fontaine" }),
  erasure(3, { cause: "orphan", course_title: "", asked_by: "Olga Petit" }),
]

export const retentionHandlers = [
  fake.get("/api/courses/{course_id}/folders", ({ params }) => {
    const until = keptUntil.get(params.course_id) ?? null
    const known = ENDING.find((course) => course.course_id === params.course_id)
    const shown = known ?? folders(params.course_id, "Course")
    return HttpResponse.json(until ? { ...shown, ...noDates, keep_until: until } : shown)
  }),
  fake.put("/api/courses/{course_id}/folders/keep", async ({ params, request }) => {
    const { until } = await request.json()
    keptUntil.set(params.course_id, until)
    return HttpResponse.json(folders(params.course_id, "Course", { keep_until: until }))
  }),
  fake.delete("/api/courses/{course_id}/deletion", ({ params }) =>
    HttpResponse.json(folders(params.course_id, "Course")),
  ),
  fake.get("/api/my-folders", () =>
    HttpResponse.json<Schemas["MyFolders"]>({
      items: [
        {
          ...dates,
          environment_id: uuid(2, 1),
          course_id: uuid(1, 1),
          course_title: "Statistics with Python",
          started_at: days(-70),
          used_bytes: 412_000_000,
        },
        {
          ...noDates,
          environment_id: uuid(2, 2),
          course_id: uuid(1, 2),
          course_title: "Statistics, first year",
          started_at: days(-3),
          used_bytes: null,
        },
      ],
    }),
  ),
  fake.get("/api/folders/ending", () =>
    HttpResponse.json<Schemas["EndingCourses"]>({
      items: ENDING.filter((course) => !keptUntil.get(course.course_id)),
      policy: { retention: 90, notice: 30, last_notice: 7, deletion: 14 },
    }),
  ),
  fake.get("/api/folders/erasures", ({ request }) => {
    const pending = new URL(request.url).searchParams.get("pending")
    const items = ERASURES.filter(
      ({ erased_at }) => pending === null || (erased_at === null) === (pending === "true"),
    )
    const page = { total: items.length, page: 1, page_size: 25, next_cursor: null }
    return HttpResponse.json<Schemas["Page_Erasure_"]>({ items, ...page })
  }),
  fake.post("/api/folders/erasures/{erasure_id}/abandon", () =>
    HttpResponse.json(erasure(1, { problem: "abandoned" })),
  ),
  fake.get("/api/folders/orphans", () =>
    HttpResponse.json<Schemas["OrphanFolders"]>({
      items: ORPHANS.filter(({ volume }) => !erased.has(volume)),
      unknown_nodes: ["worker-3"],
    }),
  ),
  fake.post("/api/folders/orphans/erase", async ({ request }) => {
    const { volume } = await request.json()
    erased.add(volume)
    return HttpResponse.json(erasure(9, { volume, cause: "orphan", course_title: "" }))
  }),
]
