/** The use of a Course as data: by days, by runs, and as a table for other programs. */
import { api, http } from "@/api/client"
import { ProblemError } from "@/api/problems"
import type { CourseUseRun } from "@/api/types"

export const SPANS = [7, 30, 180] as const
export type Span = (typeof SPANS)[number]
export const PAGE_SIZE = 25
const MOST_PAGES = 100

/** From midnight `span` days ago to the next midnight, in the viewer's zone. */
export function rangeOf(span: Span, now: Date): { from: string; to: string } {
  const to = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1)
  const from = new Date(to.getFullYear(), to.getMonth(), to.getDate() - span)
  return { from: from.toISOString(), to: to.toISOString() }
}

export function courseUse(courseId: string, span: Span) {
  return api.queryOptions("get", "/api/courses/{course_id}/use", {
    params: { path: { course_id: courseId }, query: rangeOf(span, new Date()) },
  })
}

export function courseRuns(courseId: string, span: Span, page: number) {
  const query = { ...rangeOf(span, new Date()), page, page_size: PAGE_SIZE }
  return api.queryOptions("get", "/api/courses/{course_id}/use/runs", {
    params: { path: { course_id: courseId }, query },
  })
}

/** Every run of the time, in as many requests as it takes. */
export async function allRuns(courseId: string, span: Span): Promise<CourseUseRun[]> {
  const runs: CourseUseRun[] = []
  let cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { ...rangeOf(span, new Date()), page_size: 200, cursor }
    const { data, error } = await http.GET("/api/courses/{course_id}/use/runs", {
      params: { path: { course_id: courseId }, query },
    })
    if (!data) throw error ?? new ProblemError({ code: "network", status: 0, title: "" })
    runs.push(...data.items)
    if (!data.next_cursor) break
    cursor = data.next_cursor
  }
  return runs
}

/** A table of values separated by commas; no cell is a formula to a spreadsheet. */
export function csvOf(head: string[], runs: CourseUseRun[]): string {
  const rows = runs.map((run) => [
    run.name,
    run.email ?? "",
    run.began_at,
    run.ended_at ?? "",
    String(run.minutes),
  ])
  return [head, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("")
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
