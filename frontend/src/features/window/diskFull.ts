/** What is said of an environment that wrote too much: where, how much, what is kept. Pure. */
import type { TFunction } from "i18next"
import type { Reason } from "@/api/types"
import type { Format } from "@/lib/format"

export function diskFull(reason: Reason, savesWork: boolean, t: TFunction, format: Format) {
  const facts = reason.parameters ?? {}
  const key = variant(facts, savesWork)
  if (!key) return { sentence: t("reason.disk_full"), next: t("advice.disk_full") }
  const used = format.memory(Number(facts.used_mib))
  const limit = format.memory(Number(facts.limit_mib))
  return { sentence: t(`disk.${key}`, { used, limit }), next: t(`disk.${key}Advice`) }
}

function variant(facts: Record<string, unknown>, savesWork: boolean) {
  if ("free_mib" in facts) return "machine"
  if (facts.place === "work_folder") return "work_folder"
  if (facts.place === "container") return savesWork ? "container" : "containerUnsaved"
  return null
}
