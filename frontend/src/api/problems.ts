/** Refusals of the server (RFC 9457), however they arrive. */

export type FieldProblem = { field: string; code: string; message: string }

export type Problem = {
  code: string
  status: number
  title: string
  detail?: string
  parameters?: Record<string, string | number | null>
  fields?: FieldProblem[]
  /** Things that stand in the way, for the page to link to. */
  subjects?: { kind: string; id: string; title: string }[]
  request_id?: string | null
}

/** A refusal thrown as an error. */
export class ProblemError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.title || problem.code)
    this.problem = problem
  }
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "code" in value && "status" in value
}

/** The problem behind anything thrown; a fault of ours when it is none. */
export function asProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem
  if (isProblem(error)) return error
  return { code: "page_fault", status: 0, title: "The page failed" }
}
