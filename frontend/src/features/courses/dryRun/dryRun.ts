/** A dry run as data: the question in the address, the answer as rows of a chart. */
import { api } from "@/api/client"
import type { DryRun } from "@/api/types"

export const SPREADS = [0, 5, 10, 30] as const
/** Points of the picture between which the number of clicks rises evenly. */
const STEPS = 100

/** What the address says; times as the api has them. */
export type DryRunSearch = {
  students?: number
  starts?: string
  ends?: string
  spread?: number
  session?: string
}

export type DryRunQuestion = DryRunSearch & { students: number; starts: string; ends: string }

/** Whatever somebody wrote into the address; what is no value is left out. */
export function searchOf(raw: Record<string, unknown>): DryRunSearch {
  const students = Number(raw.students)
  const spread = Number(raw.spread)
  return {
    students:
      Number.isInteger(students) && students >= 1 && students <= 5000 ? students : undefined,
    starts: timeOf(raw.starts),
    ends: timeOf(raw.ends),
    spread: Number.isInteger(spread) && spread > 0 && spread <= 120 ? spread : undefined,
    session: /^[0-9a-f-]{36}$/.test(String(raw.session)) ? String(raw.session) : undefined,
  }
}

function timeOf(raw: unknown): string | undefined {
  const at = new Date(String(raw))
  return typeof raw === "string" && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined
}

export function questionOf(search: DryRunSearch): DryRunQuestion | null {
  const { students, starts, ends } = search
  return students && starts && ends ? { ...search, students, starts, ends } : null
}

export function dryRunOf(courseId: string, question: DryRunQuestion) {
  const { students, starts, ends, spread, session } = question
  return {
    ...api.queryOptions("get", "/api/courses/{course_id}/dry-run", {
      params: {
        path: { course_id: courseId },
        query: {
          students,
          starts_at: starts,
          ends_at: ends,
          session_id: session,
          spread_minutes: spread ?? 0,
        },
      },
    }),
    staleTime: 0,
  }
}

/** How many are ready at a moment; `at` in milliseconds. */
export type ReadyPoint = { at: number; ready: number }

/** Ready students over time, from the first click to the last who is ready, or to the end. */
export function readyOverTime(answer: DryRun): ReadyPoint[] {
  const first = answer.groups[0]
  if (!first) return []
  const begin = time(first.asked_at)
  const done = time(answer.groups.at(-1)?.ready_at)
  const end = answer.never > 0 ? time(answer.ends_at) : done + (done - begin) / 10
  const moments = new Set([begin, end, ...answer.groups.map((group) => time(group.ready_at))])
  for (let step = 1; step < STEPS; step++) moments.add(begin + (step * (end - begin)) / STEPS)
  let [index, ready] = [0, 0]
  return [...moments]
    .sort((a, b) => a - b)
    .map((at) => {
      while (index < answer.groups.length && time(answer.groups[index]?.ready_at) <= at) {
        ready += answer.groups[index]?.count ?? 0
        index++
      }
      return { at, ready }
    })
}

/** One row of the table: students by number, in the order in which they are ready. */
export type ReadyRow = { from: number; to: number; asked: Date; ready: Date; waits: boolean }

export function rowsOf(answer: DryRun): ReadyRow[] {
  let before = 0
  return answer.groups.map(({ count, asked_at, ready_at, waits }) => {
    const from = before + 1
    before += count
    return { from, to: before, asked: new Date(asked_at), ready: new Date(ready_at), waits }
  })
}

function time(text: string | undefined): number {
  return new Date(text ?? 0).getTime()
}
