/** What is wrong with a list of ports, by path. */
import type { TFunction } from "i18next"
import type { Port } from "@/api/types"

export function portErrors(ports: Port[], t: TFunction): Record<string, string> {
  const errors: Record<string, string> = {}
  ports.forEach((port, index) => {
    if (!port.title.trim()) errors[`ports.${index}.title`] = t("port.invalidTitle")
    if (port.number < 1 || port.number > 65_535) {
      errors[`ports.${index}.number`] = t("port.invalidNumber")
    } else if (ports.findIndex((other) => other.number === port.number) < index) {
      errors[`ports.${index}.number`] = t("port.invalidTwice")
    }
  })
  return errors
}
