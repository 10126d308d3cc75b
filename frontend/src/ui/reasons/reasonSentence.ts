/** Why an environment waits, ended or failed, in one sentence. Pure. */
import type { TFunction } from "i18next"
import type { Reason } from "@/api/types"
import { portSentence } from "./portProblem"

/** The plain sentence of a reason, with its facts where they are known. */
export function reasonSentence(reason: Reason, t: TFunction): string {
  const facts = reason.parameters ?? {}
  if (reason.code === "port_silent" && "port" in facts) return portSentence(reason, t)
  if (reason.code === "folder_not_writable" || reason.code === "folder_is_file") {
    return t(`reason.${reason.code}`, { path: "", ...facts, interpolation: { escapeValue: false } })
  }
  if (reason.code === "crashed" && Number(facts.restarts) > 0) {
    return t("reason.crashed_again", { count: Number(facts.restarts) })
  }
  if (reason.code === "crashed" && "exit_code" in facts) return t("reason.crashed_code", facts)
  if (reason.code === "no_room" && facts.fits_nowhere) {
    return lacksNumbers(reason) ? t("direct.never") : t("reason.no_room_never")
  }
  const folder = folderNodeCase(reason)
  if (folder) return t(`reason.${folder}`)
  if (reason.code === "no_room" && Number(facts.waiting_before) > 0) {
    return t("reason.no_room_line", { count: Number(facts.waiting_before) })
  }
  if (lacksNumbers(reason)) return t("direct.full")
  if (isForNobody(reason)) return t("reason.node_unavailable_profile")
  return t(`reason.${reason.code}`)
}

/** The machine that has the work folder is full, or belongs to another pool; null: neither. */
export function folderNodeCase({ code, parameters }: Reason) {
  if (code === "no_room" && parameters?.folder_node && parameters.short !== "ports") {
    return "folder_node_full" as const
  }
  const isElsewhere = code === "folder_unavailable" && parameters?.state === "other_pool"
  return isElsewhere ? ("folder_node_other_pool" as const) : null
}

/** There is room on the machines, and no number for its direct ports. */
export function lacksNumbers({ code, parameters }: Reason): boolean {
  return code === "no_room" && parameters?.short === "ports"
}

/** No machine may run it with the rights its image asks for. */
export function isForNobody({ code, parameters }: Reason): boolean {
  return code === "node_unavailable" && Boolean(parameters?.profile)
}
