/** Why a build runs as root, where it may start, and an operator's approval of it. */
import { Button, Textarea } from "@mantine/core"
import { useSuspenseQuery } from "@tanstack/react-query"
import { type FormEvent, useId, useState } from "react"
import { useTranslation } from "react-i18next"
import type { BuildRoot, Profile } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import type { Tone } from "@/ui/feedback/tones"
import { RootFindings } from "@/ui/reasons/RootFindings"
import styles from "../images.module.css"
import { buildRoot, useAskForRoot, useLiveRoot } from "./buildRoots"

const TONES: Record<BuildRoot["state"], Tone> = {
  none: "warn",
  asked: "info",
  approved: "ok",
  refused: "bad",
  revoked: "bad",
}

export function BuildRootPart({ buildId, profile }: { buildId: string; profile: Profile }) {
  const { t } = useTranslation()
  const title = useId()
  const { data } = useSuspenseQuery(buildRoot(buildId))
  useLiveRoot(buildId)
  const needing = data.pools.filter((pool) => pool.needs_approval)
  const free = data.pools.filter((pool) => !pool.needs_approval)
  return (
    <section className={styles.root} aria-labelledby={title}>
      <h3 id={title}>{t("root.title")}</h3>
      {profile === "strict" && <p className={styles.dim}>{t("root.strict")}</p>}
      <h4>{t("root.why")}</h4>
      {data.findings ? (
        <RootFindings findings={data.findings} />
      ) : (
        <p className={styles.dim}>{t("root.unknown")}</p>
      )}
      <h4>{t("root.where")}</h4>
      <ul>
        {free.length > 0 && <li>{t("root.free", names(free))}</li>}
        {needing.length > 0 && <li>{t("root.needs", names(needing))}</li>}
      </ul>
      {(needing.length > 0 || data.state !== "none") && <Approval root={data} />}
    </section>
  )
}

function names(pools: BuildRoot["pools"]) {
  const titles = pools.map((pool) => pool.title)
  return { pools: titles.join(", "), interpolation: { escapeValue: false } }
}

function Approval({ root }: { root: BuildRoot }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [name, at] =
    root.state === "asked" ? [root.asked_by, root.asked_at] : [root.decided_by, root.decided_at]
  const when = at ? format.fromNow(new Date(at), new Date()) : ""
  const plain = { interpolation: { escapeValue: false } }
  return (
    <>
      <Notice tone={TONES[root.state]} title={t(`root.state.${root.state}`)}>
        {t(`root.stateText.${root.state}`, { name, when, ...plain })}
        {root.reason && <div>{t("root.reason", { reason: root.reason, ...plain })}</div>}
      </Notice>
      {root.may_ask && <Ask root={root} />}
    </>
  )
}

function Ask({ root }: { root: BuildRoot }) {
  const { t } = useTranslation()
  const ask = useAskForRoot(root.build_id)
  const [comment, setComment] = useState("")
  const submit = (event: FormEvent) => {
    event.preventDefault()
    ask.mutate(comment)
  }
  return (
    <form onSubmit={submit} className={styles.ask}>
      <Textarea
        label={t("root.comment")}
        description={t("root.commentHelp")}
        autosize
        minRows={2}
        maxLength={500}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      <ProblemNotice error={ask.error} />
      <div>
        <Button type="submit" size="sm" loading={ask.isPending}>
          {t(root.state === "none" ? "root.ask" : "root.askAgain")}
        </Button>
      </div>
    </form>
  )
}
