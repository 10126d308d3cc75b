/** Names of an Image's fields and their values, as its form has them. */
import { useTranslation } from "react-i18next"
import { useShownValue } from "@/ui/editConflict/useShownValue"

export function useImageTexts() {
  const { t } = useTranslation()
  const shown = useShownValue()
  return {
    label(path: string): string {
      if (path === "ports") return t("port.title")
      if (path === "profile") return t("course.field.profile")
      if (path === "work_path") return t("course.field.workPath")
      return t(`image.field.${path as "title"}`)
    },
    show(path: string, value: unknown): string {
      if (path !== "profile") return shown(value)
      return t(value === "compat" ? "course.field.profileCompat" : "course.field.profileStrict")
    },
  }
}
