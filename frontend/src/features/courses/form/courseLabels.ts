/** Names of a Course's fields and their values, as its forms have them. */
import { useQueryClient } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import type { Course } from "@/api/types"
import { useShownValue } from "@/ui/editConflict/useShownValue"

export function useCourseLabel(): (path: string) => string {
  const { t } = useTranslation()
  return (path) => {
    if (path.startsWith("ports")) return t("port.title")
    if (path.startsWith("window.links")) return t("windowOptions.links")
    if (path.startsWith("window.hidden")) return t("windowOptions.ports")
    if (path.startsWith("lease.warn_minutes")) return t("lease.warn")
    switch (path) {
      case "title":
      case "description":
      case "status":
      case "command":
      case "profile":
        return t(`course.field.${path}`)
      case "build_id":
        return t("course.field.build")
      case "external_image":
        return t("course.external.reference")
      case "resources.cpu":
        return t("course.field.cpu")
      case "resources.memory_mib":
        return t("course.field.memory")
      case "resources.gpu":
        return t("resources.gpus")
      case "resources.pool":
        return t("resources.machines")
      case "work_folder.save":
        return t("course.field.saveWork")
      case "work_folder.size_mib":
        return t("folder.size")
      case "work_folder.path":
        return t("course.field.workPath")
      case "submissions.allowed":
        return t("submissions.allow")
      case "submissions.until":
        return t("submissions.end")
      case "submissions.in_sessions":
        return t("submissions.inSessions")
      case "show_username":
        return t("course.field.showUsername")
      case "show_password":
        return t("course.field.showPassword")
      case "lease.minutes":
        return t("lease.minutes")
      case "lease.hard_limit_minutes":
        return t("lease.hardMinutes")
      case "lease.idle_minutes":
        return t("lease.idle")
      case "lease.notify":
        return t("lease.notify")
      case "lease.sound":
        return t("lease.sound")
      case "max_environments":
        return t("lease.most")
      default:
        return path
    }
  }
}

/** Of these versions: a Build is shown as they name it, or as a list of Builds has it. */
export function useCourseValue(versions: Course[]): (path: string, value: unknown) => string {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const shown = useShownValue()

  function build(id: unknown): string {
    const image = versions.find((version) => version.build_id === id)?.image
    const number = image?.build_number ?? numberInLists(id)
    const text = number ? t("build.title", { number }) : String(id)
    return image ? `${image.image_title} · ${text}` : text
  }

  function numberInLists(id: unknown): number | undefined {
    const queryKey = ["get", "/api/images/{image_id}/builds"]
    return cache
      .getQueriesData<{ items: { id: string; number: number }[] }>({ queryKey })
      .flatMap(([, page]) => page?.items ?? [])
      .find((item) => item.id === id)?.number
  }

  return (path, value) => {
    if (path === "status") return t(`course.status.${value as "draft"}`)
    if (path === "build_id" && value) return build(value)
    if (path === "profile") {
      return t(value === "compat" ? "course.field.profileCompat" : "course.field.profileStrict")
    }
    return shown(value)
  }
}
