/** Values of drafts as people read them, for fields that no form shows in its own way. */
import { useTranslation } from "react-i18next"
import type { Port } from "@/api/types"

export function useShownValue(): (value: unknown) => string {
  const { t } = useTranslation()
  return function shown(value): string {
    if (typeof value === "boolean") return t(value ? "editConflict.yes" : "editConflict.no")
    if (Array.isArray(value) && value.length > 0) {
      return value.map((item) => (isPort(item) ? portText(item) : shown(item))).join("\n")
    }
    const text = Array.isArray(value) ? "" : String(value ?? "")
    return text.trim() === "" ? t("editConflict.empty") : text
  }

  function portText({ title, kind, number, required }: Port): string {
    const parts = [title, t(`port.kind.${kind}`), String(number)]
    if (required ?? true) parts.push(t("port.fieldRequired"))
    return parts.filter(Boolean).join(" · ")
  }
}

function isPort(value: unknown): value is Port {
  return typeof value === "object" && value !== null && "kind" in value && "number" in value
}
