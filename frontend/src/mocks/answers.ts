/** How the fake api answers: problems, pages, new ids. */
import { HttpResponse } from "msw"
import type { components } from "@/api/schema"
import { uuid } from "./db"

let made = 500

export function newId(group: number): string {
  made += 1
  return uuid(group, made)
}

type Problem = components["schemas"]["Problem"]

/** A refusal; status and code must be among those that the operation declares. */
export function problem<const Status extends number, const Code extends string>(
  status: Status,
  code: Code,
  more: Partial<Problem> = {},
) {
  const body = {
    type: "about:blank",
    title: code,
    detail: "",
    request_id: "c0ffee5ca1ab1e",
    parameters: {},
    fields: [],
    subjects: [],
    ...more,
    status,
    code,
  }
  return HttpResponse.json<Problem & { status: Status; code: Code }>(body, { status })
}
export const missing = () => problem(404, "not_found")

let edits = 1

/** The tag of a version that was not there before. */
export function newEtag(): string {
  edits += 1
  return `"${edits}"`
}

/** The refusal of an edit that names no version or another one; null: it may be made. */
export function outdated(request: Pick<Request, "headers">, current: { etag: string }) {
  const named = request.headers.get("if-match")
  if (!named) return problem(428, "if_match_required")
  if (named === "*" || named === current.etag) return null
  const changed_at = new Date().toISOString()
  const parameters = { etag: current.etag, changed_at, changed_by: "Grace Hopper" }
  return problem(412, "edited_meanwhile", { parameters })
}

export function page<T extends { title: string; updated_at: string }>(
  request: Pick<Request, "url">,
  all: T[],
) {
  const query = new URL(request.url).searchParams
  const search = (query.get("search") ?? "").toLowerCase()
  const sort = query.get("sort") ?? "-updated_at"
  const key = sort.replace("-", "") as "title" | "updated_at"
  const way = sort.startsWith("-") ? -1 : 1
  const matching = all
    .filter((entry) => entry.title.toLowerCase().includes(search))
    .sort((a, b) => way * a[key].localeCompare(b[key]))
  const number = Number(query.get("page") ?? 1)
  const size = Number(query.get("page_size") ?? 20)
  const items = matching.slice((number - 1) * size, number * size)
  const answered = { items, total: matching.length, page: number, page_size: size }
  return HttpResponse.json<typeof answered>(answered)
}
