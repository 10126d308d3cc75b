/** What can be seen to be wrong in a Dockerfile while it is typed. The engine has the last word. */
import type { TFunction } from "i18next"
import type { CodeProblem } from "@/ui/fields/CodeEditor"

const KNOWN = new Set(
  "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR".split(
    " ",
  ),
)

type Instruction = { line: number; word: string; rest: string }

/** The instructions of a Dockerfile, lines that go on joined, comments left out. */
export function instructionsOf(text: string): Instruction[] {
  const instructions: Instruction[] = []
  let open: Instruction | null = null
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.trim()
    if (line === "" || line.startsWith("#")) return
    const goesOn = line.endsWith("\\")
    const content = goesOn ? line.slice(0, -1).trim() : line
    if (open) open.rest += ` ${content}`
    else {
      const [word = "", ...rest] = content.split(/\s+/)
      open = { line: index + 1, word: word.toUpperCase(), rest: rest.join(" ") }
      instructions.push(open)
    }
    if (!goesOn) open = null
  })
  return instructions
}

export function dockerfileProblems(text: string, t: TFunction): CodeProblem[] {
  const instructions = instructionsOf(text)
  const problems: CodeProblem[] = []
  const first = instructions.find(({ word }) => word !== "ARG")
  if (first?.word !== "FROM") {
    problems.push({ line: first?.line ?? 1, message: t("image.hint.fromFirst"), severity: "error" })
  }
  for (const { line, word, rest } of instructions) {
    if (!KNOWN.has(word)) {
      problems.push({ line, message: t("image.hint.unknown", { word }), severity: "error" })
    } else if (rest.trim() === "") {
      problems.push({ line, message: t("image.hint.empty", { word }), severity: "error" })
    } else if (word === "FROM" && /:latest(\s|$)/.test(rest)) {
      problems.push({ line, message: t("image.hint.latest"), severity: "warning" })
    }
  }
  return problems
}
