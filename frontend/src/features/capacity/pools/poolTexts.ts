/** Names of a pool's fields and their values, as its form has them. */
import { useTranslation } from "react-i18next"
import type { Pool } from "@/api/types"
import { useShownValue } from "@/ui/editConflict/useShownValue"
import type { GrowthField, PoolValues } from "./poolDraft"

type Label =
  | Exclude<keyof PoolValues, "direct_ports" | "growth">
  | "direct"
  | "first"
  | "last"
  | "kinds"

export function usePoolTexts() {
  const { t } = useTranslation()
  const shown = useShownValue()
  return {
    label(path: string): string {
      if (path === "growth" || path === "growth.on") return t("pools.growth.on")
      if (path.startsWith("growth."))
        return t(`pools.growth.field.${path.slice("growth.".length) as GrowthField}`)
      const name = path
        .replace(/^direct_ports(\.on)?$/, "direct")
        .replace("direct_ports.", "") as Label
      return t(`pools.field.${name}`)
    },
    show(path: string, value: unknown): string {
      if (path === "egress") return t(`reach.word.${value as NonNullable<Pool["egress"]>}`)
      if (path === "storage") return t(`pools.storage.${value as NonNullable<Pool["storage"]>}`)
      if (path === "on_drain") return t(`pools.leaving.${value as NonNullable<Pool["on_drain"]>}`)
      if (path === "growth") {
        const growth = value as Pool["growth"]
        return growth
          ? t("pools.growth.shown", { count: growth.max_machines, cpu: growth.cpu })
          : t("editConflict.no")
      }
      if (path !== "direct_ports") return shown(value)
      const ports = value as Pool["direct_ports"]
      if (!ports) return t("editConflict.no")
      const kinds = (ports.kinds ?? []).map((kind) => kind.toUpperCase()).join(", ")
      return `${ports.first}–${ports.last} · ${kinds}`
    },
  }
}
