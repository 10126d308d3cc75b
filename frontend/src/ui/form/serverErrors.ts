/** What the server says of single fields, put where they stand. */
import type { FormErrors } from "@mantine/form"
import { asProblem, type FieldProblem } from "@/api/problems"

/** Errors by path; empty when the refusal names no field. */
export function fieldErrors(error: unknown, text: (problem: FieldProblem) => string): FormErrors {
  const fields = asProblem(error).fields ?? []
  return Object.fromEntries(
    fields.filter(({ field }) => field).map((problem) => [problem.field, text(problem)]),
  )
}
