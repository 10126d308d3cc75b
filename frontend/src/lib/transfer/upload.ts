/** Sends a file in parts and goes on where a connection broke: the core of tus 1.0.0. */
import { authorizedFetch } from "@/api/client"
import { isProblem, ProblemError } from "@/api/problems"

const PART_BYTES = 4 * 1024 * 1024
const TRIES = 6
const TUS = { "Tus-Resumable": "1.0.0" }

type Options = { onProgress: (fraction: number) => void; signal: AbortSignal }

/** The id of the upload, once everything has arrived. */
export async function upload(file: Blob, { onProgress, signal }: Options): Promise<string> {
  const begun = await ask("/api/uploads", {
    method: "POST",
    headers: { ...TUS, "Upload-Length": String(file.size) },
    signal,
  })
  const path = begun.headers.get("Location") ?? ""
  let offset = 0
  let failures = 0
  while (offset < file.size) {
    try {
      offset = await sendPart(path, file, offset, signal)
      failures = 0
      onProgress(offset / file.size)
    } catch (error) {
      failures += 1
      const isRefused = error instanceof ProblemError && error.problem.status < 500
      if (signal.aborted || (isRefused && !isMoved(error)) || failures >= TRIES) {
        discard(path)
        throw error
      }
      await pause(Math.min(10_000, 500 * 2 ** failures))
      offset = await offsetOf(path, signal).catch(() => offset)
    }
  }
  return path.slice(path.lastIndexOf("/") + 1)
}

/** Give an upload up: one that nobody uses counts for a day among those a person may have. */
export function discardUpload(id: string): void {
  discard(`/api/uploads/${id}`)
}

function discard(path: string): void {
  void ask(path, { method: "DELETE", headers: TUS }).catch(() => undefined)
}

async function sendPart(path: string, file: Blob, offset: number, signal: AbortSignal) {
  const answer = await ask(path, {
    method: "PATCH",
    headers: {
      ...TUS,
      "Content-Type": "application/offset+octet-stream",
      "Upload-Offset": String(offset),
    },
    body: file.slice(offset, offset + PART_BYTES),
    signal,
  })
  return offsetIn(answer)
}

async function offsetOf(path: string, signal: AbortSignal): Promise<number> {
  return offsetIn(await ask(path, { method: "HEAD", headers: TUS, signal }))
}

function offsetIn(answer: Response): number {
  return Number(answer.headers.get("Upload-Offset"))
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  const answer = await authorizedFetch(new URL(path, location.origin), init)
  if (answer.ok) return answer
  const body: unknown = await answer.json().catch(() => null)
  throw new ProblemError(
    isProblem(body) ? body : { code: "unavailable", status: answer.status, title: "" },
  )
}

function isMoved(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.code === "upload_moved"
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
