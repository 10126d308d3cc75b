/** Approve, disable, enable; who is affected is said before. */
import { Button } from "@mantine/core"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { Platform } from "@/api/types"
import { ConfirmDialog } from "@/ui/ConfirmDialog"
import { ProblemNotice } from "@/ui/ProblemNotice"
import { type PlatformAct, useAct } from "./platforms"

export function PlatformActs({ platform }: { platform: Platform }) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<PlatformAct | null>(null)
  const act = useAct(platform.id)
  const ask = (what: PlatformAct) => {
    act.reset()
    setAsked(what)
  }
  return (
    <>
      {platform.state !== "disabled" && (
        <Button variant="default" onClick={() => ask("disable")}>
          {t("platforms.act.disable")}
        </Button>
      )}
      {platform.state === "disabled" && (
        <Button onClick={() => ask("enable")}>{t("platforms.act.enable")}</Button>
      )}
      {platform.state === "pending" && (
        <Button onClick={() => ask("approve")}>{t("platforms.act.approve")}</Button>
      )}
      {asked && (
        <ConfirmDialog
          opened
          title={t(`platforms.ask.${asked}.title`, { name: platform.name })}
          confirm={t(`platforms.act.${asked}`)}
          danger={asked === "disable"}
          busy={act.isPending}
          onConfirm={() => act.mutate(asked, { onSuccess: () => setAsked(null) })}
          onClose={() => setAsked(null)}
        >
          <p>{t(`platforms.ask.${asked}.text`)}</p>
          {asked === "disable" && (
            <p>{t("platforms.ask.disable.people", { count: platform.visitors })}</p>
          )}
          {asked === "approve" && <p>{t("platforms.ask.approve.who", { who: platform.issuer })}</p>}
          <ProblemNotice error={act.error} />
        </ConfirmDialog>
      )}
    </>
  )
}
