/** The join link of a Course, for its editors: make, limit, replace, take back. */
import { Button, Group, NumberInput } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { JoinLink } from "@/api/types"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { Patience } from "@/ui/feedback/Patience"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { MomentField } from "@/ui/fields/moment/MomentField"
import { Section } from "@/ui/page/Section"
import { CopyableCode } from "@/ui/text/CopyableCode"
import { joinLinkOf, useLinkChange } from "./join"

const NO_LIMITS = { expires_at: null, max_people: null }

export function JoinLinkSection({ courseId }: { courseId: string }) {
  const { t } = useTranslation()
  const { data, error } = useQuery(joinLinkOf(courseId))
  const change = useLinkChange(courseId)
  return (
    <Section title={t("join.section")} text={t("join.sectionText")}>
      <ProblemNotice error={error ?? change.error} />
      {!data && !error && <Patience />}
      {data && !data.link && (
        <div>
          <Button
            loading={change.isPending}
            onClick={() => change.mutate({ kind: "put", terms: NO_LIMITS })}
          >
            {t("join.create")}
          </Button>
        </div>
      )}
      {data?.link && <CurrentLink key={data.link.code} link={data.link} change={change} />}
      {data && (data.link || data.joined > 0) && <p>{t("join.joined", { count: data.joined })}</p>}
    </Section>
  )
}

type LinkProps = { link: JoinLink; change: ReturnType<typeof useLinkChange> }

function CurrentLink({ link, change }: LinkProps) {
  const { t } = useTranslation()
  const [expires, setExpires] = useState(localTime(link.expires_at))
  const [most, setMost] = useState<number | string>(link.max_people ?? "")
  const [asked, setAsked] = useState<"renew" | "revoke" | null>(null)
  const close = () => setAsked(null)
  const saved = change.isSuccess && change.variables.kind === "put"
  const save = () =>
    change.mutate({
      kind: "put",
      terms: {
        expires_at: expires ? new Date(expires).toISOString() : null,
        max_people: typeof most === "number" ? most : null,
      },
    })
  return (
    <>
      <CopyableCode label={t("join.link")} copy={t("join.copyLink")} text={link.url} />
      <CopyableCode label={t("join.code")} copy={t("join.copyCode")} text={link.code} />
      <p>{t("join.deep")}</p>
      <Group align="flex-end" gap="md">
        <MomentField
          label={t("join.expires")}
          description={t("join.expiresHelp")}
          value={expires}
          onChange={setExpires}
        />
        <NumberInput
          label={t("join.most")}
          description={t("join.mostHelp")}
          min={1}
          max={100_000}
          allowDecimal={false}
          value={most}
          onChange={setMost}
        />
        <Button variant="default" loading={change.isPending} onClick={save}>
          {t("join.saveTerms")}
        </Button>
        <span role="status">{saved ? t("join.saved") : ""}</span>
      </Group>
      <Group gap="sm">
        {(["renew", "revoke"] as const).map((kind) => (
          <Button key={kind} variant="default" onClick={() => setAsked(kind)}>
            {t(`join.${kind}`)}
          </Button>
        ))}
      </Group>
      {asked && (
        <ConfirmDialog
          opened
          title={t(`join.${asked}`)}
          confirm={t(`join.${asked}`)}
          danger={asked === "revoke"}
          busy={change.isPending}
          onClose={close}
          onConfirm={() => change.mutate({ kind: asked }, { onSettled: close })}
        >
          <p>{t(`join.${asked}Text`)}</p>
        </ConfirmDialog>
      )}
    </>
  )
}

/** As a field of the browser has it: local, to the minute. */
function localTime(instant: string | null | undefined): string {
  if (!instant) return ""
  const at = new Date(instant)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
