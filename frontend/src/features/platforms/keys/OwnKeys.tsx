/** Our own signing keys: where each is in its life; rotated with overlap, or in haste. */
import { Button, Checkbox } from "@mantine/core"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { OwnKey } from "@/api/types"
import { useFormat } from "@/lib/format"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { Status } from "@/ui/feedback/Status"
import type { Tone } from "@/ui/feedback/tones"
import { PageHeader } from "@/ui/page/PageHeader"
import { Section } from "@/ui/page/Section"
import { PlatformTabs } from "../PlatformTabs"
import styles from "../platforms.module.css"
import { ownKeys, PURPOSES, useKeyAct } from "./ownKeys"

const TONES: Record<OwnKey["state"], Tone> = {
  next: "info",
  signing: "ok",
  leaving: "still",
  over: "still",
  retired: "warn",
}

type Asked = { rotate: OwnKey["purpose"] } | { retire: OwnKey }

export function OwnKeys() {
  const { t } = useTranslation()
  const { data: keys } = useSuspenseQuery(ownKeys())
  const [asked, setAsked] = useState<Asked | null>(null)
  return (
    <>
      <PageHeader title={t("platforms.own.title")}>{t("platforms.own.text")}</PageHeader>
      <PlatformTabs current="keys" />
      <div className={styles.stack}>
        {PURPOSES.map((purpose) => (
          <Section
            key={purpose}
            title={t(`platforms.own.purpose.${purpose}`)}
            text={t(`platforms.own.purposeText.${purpose}`)}
            action={
              <Button
                variant="default"
                size="sm"
                aria-label={t("platforms.own.rotateNamed", {
                  name: t(`platforms.own.purpose.${purpose}`),
                })}
                onClick={() => setAsked({ rotate: purpose })}
              >
                {t("platforms.own.rotate")}
              </Button>
            }
          >
            <ul className={styles.rows}>
              {keys
                .filter((key) => key.purpose === purpose)
                .map((key) => (
                  <Key key={key.kid} own={key} onRetire={() => setAsked({ retire: key })} />
                ))}
            </ul>
          </Section>
        ))}
      </div>
      {asked && "rotate" in asked && (
        <Rotate purpose={asked.rotate} onClose={() => setAsked(null)} />
      )}
      {asked && "retire" in asked && <Retire own={asked.retire} onClose={() => setAsked(null)} />}
    </>
  )
}

function Key({ own, onRetire }: { own: OwnKey; onRetire: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const on = (at: string | null) => (at ? format.dateTime(new Date(at)) : "")
  const when = {
    next: on(own.signs_from),
    signing: on(own.signs_from),
    leaving: on(own.published_until),
    over: on(own.published_until),
    retired: on(own.retired_at),
  }[own.state]
  const retires = own.state === "next" || own.state === "leaving"
  return (
    <li>
      <div>
        <code>{own.kid}</code>
        <p className={styles.dim}>{t(`platforms.own.since.${own.state}`, { when })}</p>
      </div>
      <Status tone={TONES[own.state]}>{t(`platforms.own.state.${own.state}`)}</Status>
      {retires && (
        <Button
          variant="default"
          size="compact-sm"
          aria-label={t("platforms.own.retireNamed", { name: own.kid })}
          onClick={onRetire}
        >
          {t("platforms.own.retire")}
        </Button>
      )}
    </li>
  )
}

function Rotate({ purpose, onClose }: { purpose: OwnKey["purpose"]; onClose: () => void }) {
  const { t } = useTranslation()
  const [atOnce, setAtOnce] = useState(false)
  const act = useKeyAct()
  return (
    <ConfirmDialog
      opened
      title={t("platforms.own.rotateTitle")}
      confirm={t("platforms.own.rotate")}
      danger={atOnce}
      busy={act.isPending}
      onConfirm={() =>
        act.mutate({ act: "rotate", purpose, at_once: atOnce }, { onSuccess: onClose })
      }
      onClose={onClose}
    >
      <p>{t("platforms.own.rotateText")}</p>
      <Checkbox
        label={t("platforms.own.atOnce")}
        description={t("platforms.own.atOnceHelp")}
        checked={atOnce}
        onChange={(event) => setAtOnce(event.currentTarget.checked)}
      />
      <ProblemNotice error={act.error} />
    </ConfirmDialog>
  )
}

function Retire({ own, onClose }: { own: OwnKey; onClose: () => void }) {
  const { t } = useTranslation()
  const act = useKeyAct()
  return (
    <ConfirmDialog
      opened
      danger
      title={t("platforms.own.retireTitle")}
      confirm={t("platforms.own.retire")}
      busy={act.isPending}
      onConfirm={() => act.mutate({ act: "retire", kid: own.kid }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{t(`platforms.own.retireText.${own.state === "next" ? "next" : "leaving"}`)}</p>
      <ProblemNotice error={act.error} />
    </ConfirmDialog>
  )
}
