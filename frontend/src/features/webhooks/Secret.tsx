/** The secret of a webhook, shown once. */
import { useTranslation } from "react-i18next"
import { Notice } from "@/ui/feedback/Notice"
import { CopyableCode } from "@/ui/text/CopyableCode"

export function Secret({ secret, name }: { secret: string; name: string }) {
  const { t } = useTranslation()
  return (
    <Notice tone="ok" title={t("webhooks.secretOf", { name })}>
      <p>{t("webhooks.once")}</p>
      <CopyableCode text={secret} label={t("webhooks.secret")} copy={t("webhooks.copySecret")} />
    </Notice>
  )
}
