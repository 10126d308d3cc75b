/** The files of images for working on the page: uploads arrive and unpack to a small tree. */
import { HttpResponse } from "msw"
import type { components } from "@/api/schema"
import { missing, newEtag, newId, outdated } from "@/mocks/answers"
import { fake } from "@/mocks/fake"

type Context = components["schemas"]["Context"]
type ContextFile = components["schemas"]["ContextFile"]

const NONE: Context = {
  etag: '"none"',
  digest: null,
  files: 0,
  size: 0,
  created_at: null,
  entries: [],
}
const contexts = new Map<unknown, Context>()
const received = new Map<string, { length: number; offset: number }>()

const entry = (path: string, size: number, more: Partial<ContextFile> = {}): ContextFile => ({
  path,
  kind: "file",
  size,
  executable: false,
  target: "",
  ignored: false,
  ...more,
})

const SAMPLE = [
  entry(".dockerignore", 12),
  entry("data", 2_400_000, { kind: "folder" }),
  entry("data/iris.csv", 2_400_000),
  entry("requirements.txt", 84),
  entry("src", 5_200, { kind: "folder" }),
  entry("src/app.py", 4_100),
  entry("src/secret.env", 1_100, { ignored: true }),
]

function keep(imageId: unknown, entries: ContextFile[]): Context {
  const files = entries.filter(({ kind }) => kind === "file")
  const context: Context = {
    etag: newEtag(),
    digest: "5f".repeat(32),
    files: files.length,
    size: files.reduce((total, { size }) => total + size, 0),
    created_at: new Date().toISOString(),
    entries: entries.toSorted((a, b) => a.path.localeCompare(b.path)),
  }
  contexts.set(imageId, entries.length ? context : NONE)
  return entries.length ? context : NONE
}

const contextOf = (imageId: unknown) => contexts.get(imageId) ?? NONE

/** How much of an upload has arrived. */
export const uploadedBytes = (id: string) => received.get(id)?.offset ?? 0

export const contextHandlers = [
  fake.post("/api/uploads", ({ request }) => {
    const id = newId(9)
    received.set(id, { length: Number(request.headers.get("upload-length")), offset: 0 })
    return new HttpResponse(null, { status: 201, headers: { Location: `/api/uploads/${id}` } })
  }),
  fake.patch("/api/uploads/{upload_id}", async ({ params, request }) => {
    const upload = received.get(String(params.upload_id))
    if (!upload) return missing()
    upload.offset += (await request.arrayBuffer()).byteLength
    return new HttpResponse(null, {
      status: 204,
      headers: { "Upload-Offset": String(upload.offset) },
    })
  }),
  fake.get("/api/images/{image_id}/context", ({ params }) =>
    HttpResponse.json(contextOf(params.image_id)),
  ),
  fake.put(
    "/api/images/{image_id}/context",
    ({ params, request }) =>
      outdated(request, contextOf(params.image_id)) ??
      HttpResponse.json(keep(params.image_id, SAMPLE)),
  ),
  fake.delete(
    "/api/images/{image_id}/context",
    ({ params, request }) =>
      outdated(request, contextOf(params.image_id)) ?? HttpResponse.json(keep(params.image_id, [])),
  ),
  fake.put("/api/images/{image_id}/context/files", async ({ params, request }) => {
    const refused = outdated(request, contextOf(params.image_id))
    if (refused) return refused
    const { path, upload_id } = await request.json()
    const others = contextOf(params.image_id).entries.filter((known) => known.path !== path)
    const size = received.get(upload_id)?.length ?? 0
    return HttpResponse.json(keep(params.image_id, [...others, entry(path, size)]))
  }),
  // The description gives a file no body.
  fake.get(
    "/api/images/{image_id}/context/files/{path}",
    () => HttpResponse.text("numpy==2.1\npandas==2.2\n") as unknown as HttpResponse<null>,
  ),
  fake.delete("/api/images/{image_id}/context/files/{path}", ({ params, request }) => {
    const refused = outdated(request, contextOf(params.image_id))
    if (refused) return refused
    const path = decodeURIComponent(String(params.path))
    const others = contextOf(params.image_id).entries.filter(
      (known) => known.path !== path && !known.path.startsWith(`${path}/`),
    )
    return HttpResponse.json(keep(params.image_id, others))
  }),
  fake.post("/api/images/{image_id}/dockerfile/check", () => HttpResponse.json({ problems: [] })),
]
