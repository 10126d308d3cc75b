/** What an Image needs before it is sent; the server has the last word. */
import { useTranslation } from "react-i18next"
import type { ImageDraft } from "@/api/types"
import { portErrors } from "@/ui/fields/portErrors"

const ABSOLUTE = /^\/[^\0:\s]{1,200}$/

export function useImageRules() {
  const { t } = useTranslation()
  return (values: Required<ImageDraft>) => ({
    ...portErrors(values.ports, t),
    title: values.title.trim() ? null : t("image.invalid.title"),
    dockerfile: /^\s*FROM\s/im.test(values.dockerfile) ? null : t("image.invalid.dockerfile"),
    work_path: ABSOLUTE.test(values.work_path) ? null : t("image.invalid.path"),
  })
}
