/** A fake build: lines come one by one, then it is pushed, or fails at a line that says `false`. */
import type { BuildStatus, Image, LogLine } from "@/api/types"
import { builds, lastBuild, uuid } from "@/mocks/db"
import { publish } from "@/mocks/environments/starts"

export const logs = new Map<string, LogLine[]>()

/** The ids of builds that were asked to use no cache. */
export const startedWithoutCache: string[] = []

export function startBuild(image: Image, useCache: boolean): BuildStatus {
  const number = builds.filter((build) => build.image_id === image.id).length + 1
  const instructions = instructionsOf(image.dockerfile)
  const build: BuildStatus = {
    id: uuid(3, Number(image.id.slice(-4)) * 100 + number + 5000),
    image_id: image.id,
    author_id: uuid(9, 1),
    number,
    phase: "queued",
    step: null,
    steps: instructions.length,
    instruction: null,
    failure: null,
    message: "",
    line: null,
    tag: null,
    reference: null,
    queued_at: new Date().toISOString(),
    started_at: null,
    ended_at: null,
    log_lines: 0,
  }
  builds.push(build)
  if (!useCache) startedWithoutCache.push(build.id)
  logs.set(build.id, [])
  setTimeout(() => step(build, instructions, 0), 700)
  return build
}

function instructionsOf(dockerfile: string) {
  return dockerfile
    .split("\n")
    .map((text, index) => ({ text, line: index + 1 }))
    .filter(({ text }) => /^[A-Z]+ /.test(text))
}

function say(build: BuildStatus, text: string): void {
  const lines = logs.get(build.id) ?? []
  lines.push({ number: lines.length + 1, text })
  build.log_lines = lines.length
}

function change(build: BuildStatus, facts: Partial<BuildStatus>): void {
  Object.assign(build, facts)
  publish("build.changed", build.id, null)
}

function step(build: BuildStatus, rest: { text: string; line: number }[], index: number): void {
  if (build.phase === "cancelled") return
  const now = new Date().toISOString()
  const current = rest[index]
  if (!current) {
    change(build, { phase: "pushing", instruction: null })
    say(build, "The push refers to repository [registry.example/images/image]")
    setTimeout(() => {
      const tag = `registry.example/images/image:${build.number}`
      const reference = `registry.example/images/image@sha256:${"5e1f".repeat(16)}`
      change(build, { phase: "succeeded", tag, reference, ended_at: new Date().toISOString() })
    }, 1_200)
    return
  }
  const { text, line } = current
  const facts = { step: index + 1, instruction: text }
  change(build, { phase: "building", started_at: build.started_at ?? now, ...facts })
  say(build, `Step ${index + 1}/${rest.length} : ${text}`)
  say(build, ` ---> Running in ${Math.random().toString(16).slice(2, 14)}`)
  if (/\bfalse\b/.test(text)) {
    say(build, `The command '/bin/sh -c ${text.slice(4)}' returned a non-zero code: 1`)
    const message = `The command '/bin/sh -c ${text.slice(4)}' returned a non-zero code: 1`
    change(build, { phase: "failed", failure: "step_failed", line, message, ended_at: now })
    return
  }
  setTimeout(() => step(build, rest, index + 1), 600)
}

export function isOver(build: BuildStatus): boolean {
  return ["succeeded", "failed", "cancelled"].includes(build.phase)
}

/** The log of a build that ended before the page was opened. */
export function logOf(build: BuildStatus): LogLine[] {
  const known = logs.get(build.id)
  if (known) return known
  const texts = [
    "#1 [1/6] FROM docker.io/library/debian:12",
    " ---> 6f4986d78878",
    "#2 [2/6] RUN apt-get update",
    " ---> Running in 4c2b9d0f1a77",
    "Get:1 bookworm InRelease [151 kB]",
    "Fetched 9,321 kB in 2s (4,410 kB/s)",
    ...(build.phase === "failed"
      ? [`#3 [3/6] ${build.instruction}`, ...build.message.split("\n")]
      : ["Successfully built 2f1d6a0c44b1", `${build.tag}: digest: ${build.reference}`]),
  ]
  return texts.map((text, index) => ({ number: index + 1, text }))
}

export { lastBuild }
