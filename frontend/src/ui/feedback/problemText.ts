/** The sentence of a problem, and of a field's problem. */
import { useTranslation } from "react-i18next"
import type { FieldProblem, Problem } from "@/api/problems"
import type { en } from "@/locales/en"

type ProblemCode = keyof typeof en.problem
type FieldCode = keyof typeof en.fieldProblem

export function useProblemText(): (problem: Problem) => string {
  const { t, i18n } = useTranslation()
  return (problem) => {
    const key = `problem.${problem.code as ProblemCode}` as const
    const known: boolean = i18n.exists(key)
    return known ? t(key, problem.parameters ?? {}) : t("problem.other")
  }
}

export function useFieldProblemText(): (problem: FieldProblem) => string {
  const { t, i18n } = useTranslation()
  return (problem) => {
    const key = `fieldProblem.${problem.code as FieldCode}` as const
    const known: boolean = i18n.exists(key)
    // The names of the placeholders are shown as they are written.
    const shown = { USERNAME: "{{USERNAME}}", PASSWORD: "{{PASSWORD}}" }
    const asWritten = { ...shown, interpolation: { skipOnVariables: true } }
    return known ? t(key, asWritten) : t("fieldProblem.other")
  }
}
