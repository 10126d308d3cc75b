/** What is wrong with a port that stayed silent, and what to do. Pure. */
import type { TFunction } from "i18next"
import type { Reason } from "@/api/types"

const KNOWN = [
  "nothing_listens",
  "loopback_only",
  "ipv6_only",
  "tls_only",
  "no_tls",
  "unavailable",
  "other_protocol",
  "no_answer",
] as const

type Problem = (typeof KNOWN)[number]

export function portSentence(reason: Reason, t: TFunction): string {
  const facts = reason.parameters ?? {}
  const problem = problemOf(reason)
  if (problem === "nothing_listens" && facts.listens_on) {
    return t("reason.port_problem.nothing_listens_others", {
      port: facts.port,
      ports: facts.listens_on,
    })
  }
  return t(`reason.port_problem.${problem}`, { port: facts.port })
}

/** Null where trying again may help: then the general advice is right. */
export function portAdvice(reason: Reason, t: TFunction): string | null {
  if (reason.code !== "port_silent") return null
  const problem = problemOf(reason)
  if (problem === "unavailable" || problem === "no_answer") return null
  return t(`advice.port_problem.${problem}`)
}

/** Starts that failed before problems were reported have none. */
function problemOf(reason: Reason): Problem {
  const reported = reason.parameters?.problem
  return KNOWN.find((problem) => problem === reported) ?? "no_answer"
}
