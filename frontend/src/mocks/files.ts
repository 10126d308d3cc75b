/** Work folders, copies and submissions of the fake campus. */
import { HttpResponse } from "msw"
import type { components } from "@/api/schema"
import { newId } from "./answers"
import { uuid } from "./db"
import { fake } from "./fake"
import { uploadedBytes } from "./images/contexts"

type Schemas = components["schemas"]
type Submission = Schemas["Submission"]

const hours = (count: number) => new Date(Date.now() - count * 3_600_000).toISOString()
const entry = (name: string, kind: Schemas["FileKind"], bytes: number): Schemas["FileEntry"] => ({
  name,
  kind,
  bytes,
  modified_at: hours(name.length),
})
const FOLDERS: Record<string, Schemas["FileEntry"][]> = {
  "": [
    entry("data", "folder", 0),
    entry("src", "folder", 0),
    entry("analysis.ipynb", "file", 18_400),
    entry("notes.txt", "file", 1_240),
    entry("report.pdf", "file", 482_000),
  ],
  data: [entry("measurements.csv", "file", 2_400_000)],
  src: [entry("main.py", "file", 840), entry("latest", "link", 0)],
}
const NOTEBOOK = JSON.stringify({
  nbformat: 4,
  cells: [
    { cell_type: "markdown", source: "# Mean and variance" },
    {
      cell_type: "code",
      execution_count: 1,
      source: "sum([1, 2, 3]) / 3",
      outputs: [{ output_type: "execute_result", data: { "text/plain": "2.0" } }],
    },
  ],
})

const listing = ({ request }: { request: Pick<Request, "url"> }) => {
  const path = new URL(request.url).searchParams.get("path") ?? ""
  return HttpResponse.json<Schemas["FolderListing"]>({
    path,
    entries: FOLDERS[path] ?? [],
    truncated: false,
  })
}
const content = ({ request }: { request: Pick<Request, "url"> }) => {
  const path = new URL(request.url).searchParams.get("path") ?? ""
  const text = path.endsWith(".ipynb") ? NOTEBOOK : `The content of ${path}\n`
  // The description gives a file no body.
  return HttpResponse.text(text) as unknown as HttpResponse<null>
}
/** A file that was sent, in its folder; missing folders are made. */
function put(path: string, bytes: number): boolean {
  const parts = path.split("/")
  const name = parts.pop() ?? ""
  for (const [depth, part] of parts.entries()) {
    const above = parts.slice(0, depth).join("/")
    const entries = FOLDERS[above] ?? []
    if (!entries.some((other) => other.name === part)) entries.unshift(entry(part, "folder", 0))
    FOLDERS[above] = entries
  }
  const folder = parts.join("/")
  const others = (FOLDERS[folder] ?? []).filter((other) => other.name !== name)
  const replaced = others.length < (FOLDERS[folder] ?? []).length
  FOLDERS[folder] = [...others, entry(name, "file", bytes)]
  return replaced
}

function remove(path: string): number {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")))
  const before = FOLDERS[folder] ?? []
  const after = before.filter(({ name }) => (folder ? `${folder}/${name}` : name) !== path)
  FOLDERS[folder] = after
  return before.length - after.length
}

const address = () =>
  HttpResponse.json<Schemas["DownloadAddress"]>({
    url: "/fake-download",
    name: "work.zip",
    expires_at: hours(-1),
  })

const submission = (id: string, at: string): Submission => ({
  id,
  submitted_at: at,
  state: "ready",
  files: 12,
  bytes: 2_900_000,
  changing: 0,
  problem: null,
})
const mine: Submission[] = []
const NAMES = ["Alan Turing", "Barbara Liskov", "Grace Hopper", "Ada Lovelace", "Edsger Dijkstra"]

function people(): Schemas["PersonWork"][] {
  return NAMES.map((name, index) => ({
    key: `u${index}`,
    user_id: uuid(9, 20 + index),
    name,
    email: `${name.split(" ")[0]?.toLowerCase()}@example.org`,
    submission: index < 3 ? submission(uuid(8, index + 1), hours(index + 1)) : null,
    count: index === 1 ? 3 : index < 3 ? 1 : 0,
  }))
}

const FOLDER = "/api/courses/{course_id}/folder"
const SUBMISSIONS = "/api/courses/{course_id}/submissions"

export const fileHandlers = [
  fake.get(`${FOLDER}/files`, listing),
  fake.post(`${FOLDER}/files`, async ({ request }) => {
    const { upload_id, path } = await request.json()
    const bytes = uploadedBytes(upload_id)
    return HttpResponse.json<Schemas["PutFileResult"]>({ path, bytes, replaced: put(path, bytes) })
  }),
  fake.post(`${FOLDER}/removals`, async ({ request }) => {
    const { paths } = await request.json()
    const removed = paths.reduce((sum, path) => sum + remove(path), 0)
    return HttpResponse.json<Schemas["RemovedFiles"]>({ removed })
  }),
  fake.get(`${FOLDER}/content`, content),
  fake.post(`${FOLDER}/downloads`, address),
  fake.get(`${FOLDER}/largest`, () =>
    HttpResponse.json<Schemas["LargestFiles"]>({
      files: [
        { path: "data/measurements.csv", bytes: 1_900_000_000 },
        { path: ".cache/pip/wheel", bytes: 120_000_000 },
      ],
    }),
  ),
  fake.get(`${FOLDER}/snapshots`, () =>
    HttpResponse.json<Schemas["FolderSnapshots"]>({
      items: [1, 2, 26].map((age) => ({
        id: uuid(8, 100 + age),
        kind: age === 2 ? "before_new" : "hourly",
        taken_at: hours(age),
        files: 12,
        bytes: 2_900_000,
      })),
    }),
  ),
  fake.post(`${FOLDER}/snapshots/{snapshot}/restore`, () =>
    HttpResponse.json<Schemas["RestoredFiles"]>({ files: 3, removed: 0 }),
  ),
  fake.get(`${SUBMISSIONS}/mine`, () =>
    HttpResponse.json<Schemas["MySubmissions"]>({
      state: "open",
      until: null,
      now: new Date().toISOString(),
      items: mine,
    }),
  ),
  fake.post(SUBMISSIONS, () => {
    const made = submission(newId(8), new Date().toISOString())
    mine.unshift(made)
    return HttpResponse.json<Submission>(made, { status: 201 })
  }),
  fake.get(SUBMISSIONS, ({ request }) => {
    const which = new URL(request.url).searchParams.get("which")
    const all = people()
    const items = all.filter(
      (person) => !which || Boolean(person.submission) === (which === "submitted"),
    )
    return HttpResponse.json<Schemas["CourseSubmissions"]>({
      items,
      total: items.length,
      page: 1,
      page_size: 50,
      next_cursor: null,
      submitted: 3,
      everybody: all.length,
      allowed: true,
      until: null,
    })
  }),
  fake.post(`${SUBMISSIONS}/downloads`, address),
  fake.get(`${SUBMISSIONS}/{id}/files`, listing),
  fake.get(`${SUBMISSIONS}/{id}/content`, content),
  fake.get(`${SUBMISSIONS}/{id}`, ({ params }) =>
    HttpResponse.json<Schemas["SubmissionDetail"]>({
      ...submission(String(params.id), hours(2)),
      user_id: uuid(9, 21),
      name: "Barbara Liskov",
      others: [submission(uuid(8, 50), hours(30))],
    }),
  ),
]
