/** Approve, disable, enable; who is affected is said before. */
import { Button } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { Platform } from "@/api/types"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { SharesPeopleText } from "../form/SharesPeople"
import { disablingOutlook, type PlatformAct, useAct } from "../platforms"

export function PlatformActs({ platform }: { platform: Platform }) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<PlatformAct | null>(null)
  const act = useAct(platform.id)
  const [accepted, setAccepted] = useState(false)
  const shared = platform.shares_people_with ?? []
  const asksYes = asked === "approve" && shared.length > 0
  const ask = (what: PlatformAct) => {
    act.reset()
    setAccepted(false)
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
          disabled={asksYes && !accepted}
          onConfirm={() =>
            act.mutate(
              { act: asked, sharesPeople: asksYes && accepted ? true : undefined },
              { onSuccess: () => setAsked(null) },
            )
          }
          onClose={() => setAsked(null)}
        >
          <p>{t(`platforms.ask.${asked}.text`)}</p>
          {asked === "disable" && <Outlook platform={platform} />}
          {asked === "approve" && <p>{t("platforms.ask.approve.who", { who: platform.issuer })}</p>}
          {asksYes && (
            <SharesPeopleText
              platforms={shared.join(", ")}
              accepted={accepted}
              onAccept={setAccepted}
            />
          )}
          <ProblemNotice error={act.error} />
        </ConfirmDialog>
      )}
    </>
  )
}

/** Whom and what it hits, counted when the dialog opens. */
function Outlook({ platform }: { platform: Platform }) {
  const { t } = useTranslation()
  const { data, error } = useQuery({ ...disablingOutlook(platform.id), staleTime: 0 })
  return (
    <>
      {data && (
        <ul>
          <li>{t("platforms.ask.disable.people", { count: data.visitors })}</li>
          <li>{t("platforms.ask.disable.environments", { count: data.environments })}</li>
        </ul>
      )}
      <ProblemNotice error={error} />
    </>
  )
}
