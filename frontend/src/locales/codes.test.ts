/** Whatever the platform can say has a sentence in both languages. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import pages from "../api/problemPages.json"
import { en } from "./en"
import { fr } from "./fr"

const SERVICES = join(import.meta.dirname, "../../../services")

const openapi = JSON.parse(readFileSync(join(SERVICES, "api/openapi.json"), "utf8")) as {
  components: { schemas: Record<string, { enum?: string[] }> }
}

function values(name: string): string[] {
  const members = openapi.components.schemas[name]?.enum
  if (!members) throw new Error(`The api no longer has ${name}.`)
  return members
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".py"))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/egg-info|migrations/.test(path))
    .map((path) => readFileSync(path, "utf8"))
}

/** Codes of error classes, as the services write them. */
function problemCodes(): Set<string> {
  const text = ["api", "builder", "kit", "lti-gateway", "orchestrator"]
    .flatMap((service) => sources(join(SERVICES, service)))
    .join("\n")
  const plain = [...text.matchAll(/^ {4}code(?:, title)? = "([a-z_]+)"/gm)]
  const withStatus = [...text.matchAll(/^ {4}status, code, title = \d+, "([a-z_]+)"/gm)]
  return new Set([...plain, ...withStatus].map(([, code]) => code ?? ""))
}

function fieldCodes(): Set<string> {
  const text = ["api", "kit"].flatMap((service) => sources(join(SERVICES, service))).join("\n")
  const flaws = [...text.matchAll(/Flaw\(\s*f?"[^"]+",\s*"([a-z_]+)"/g)]
  const custom = [...text.matchAll(/PydanticCustomError\(\s*"([a-z_]+)"/g)]
  return new Set([...flaws, ...custom].map(([, code]) => code ?? ""))
}

// Said by services to each other, or on pages that the gateway and the api write themselves.
const NEVER_HERE = new Set([
  "usage_unavailable", // the live room shows no usage then
  "desktop_asleep",
  "entry_refused",
  "grades_not_offered",
  "roster_not_offered",
  "score_id_taken",
  "score_unknown",
  "unknown_end_reason",
])

describe.each([
  ["English", en],
  ["French", fr],
])("%s has a sentence", (_, texts) => {
  const cases: [string, string, object][] = [
    ["each reason", "ReasonCode", texts.reason],
    ["what to do about each reason", "ReasonCode", texts.advice],
    ["each state of the window", "WindowState", texts.window.state],
    ["the word of each state", "WindowState", texts.window.word],
    ["each step of a start", "SwarmStep", texts.window.step],
    ["each kind of port", "PortKind", texts.window.kind],
    ["each kind of port in forms", "PortKind", texts.port.kind],
    ["each status of a course", "CourseStatus", texts.course.status],
    ["what each status means", "CourseStatus", texts.course.statusHelp],
    ["the overview of each status", "CourseStatus", texts.course.overview],
    ["each state of a session", "SessionState", texts.session.state],
    ["each phase of a build", "BuildPhase", texts.build.phase],
    ["what each phase of a build means", "BuildPhase", texts.build.sentence],
    ["each failure of a build", "BuildFailure", texts.build.failure],
    ["what to do about each failure", "BuildFailure", texts.build.failureAdvice],
  ]
  it.each(cases)("for %s", (_what, name, known) => {
    expect(Object.keys(known)).toEqual(expect.arrayContaining(values(name)))
  })

  it("for each problem the services know", () => {
    const codes = [...problemCodes()].filter((code) => !NEVER_HERE.has(code))
    expect(codes.length).toBeGreaterThan(15)
    expect(Object.keys(texts.problem)).toEqual(expect.arrayContaining(codes))
  })

  it("for each page of a code", () => {
    expect(Object.keys(pages).length).toBeGreaterThan(100)
    expect(Object.keys(texts.problem)).toEqual(expect.arrayContaining(Object.keys(pages)))
    const statuses = Object.values(pages).flatMap((page) => page.status.map(String))
    expect(Object.keys(texts.problemPage.status)).toEqual(expect.arrayContaining(statuses))
  })

  it("for each fault of a field", () => {
    expect(Object.keys(texts.fieldProblem)).toEqual(expect.arrayContaining([...fieldCodes()]))
  })
})
