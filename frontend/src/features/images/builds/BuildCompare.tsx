/** One build beside another: recipe, size, layers and duration. */
import { Select } from "@mantine/core"
import { useSuspenseQuery } from "@tanstack/react-query"
import { Suspense, useId, useMemo, useState } from "react"
import { useTranslation } from "react-i18next"
import { api } from "@/api/client"
import type { BuildStatus } from "@/api/types"
import { useFormat } from "@/lib/format"
import { sizeOf } from "@/lib/sizes"
import { Patience } from "@/ui/feedback/Patience"
import { buildsOf } from "../images"
import styles from "../images.module.css"
import { textDiff } from "./textDiff"

function recipeOf(buildId: string) {
  return api.queryOptions("get", "/api/builds/{build_id}/recipe", {
    params: { path: { build_id: buildId } },
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function BuildCompare({ build }: { build: BuildStatus }) {
  const { t } = useTranslation()
  const heading = useId()
  const { data } = useSuspenseQuery(buildsOf(build.image_id))
  const [otherId, setOtherId] = useState<string | null>(null)
  const others = data.items.filter(({ id }) => id !== build.id)
  const other = others.find(({ id }) => id === otherId)
  if (others.length === 0) return null
  return (
    <section className={styles.part} aria-labelledby={heading}>
      <h3 id={heading}>{t("build.compare.title")}</h3>
      <Select
        label={t("build.compare.with")}
        placeholder={t("build.compare.placeholder")}
        clearable
        data={others.map(({ id, number, phase }) => ({
          value: id,
          label: `${t("build.title", { number })} · ${t(`build.phase.${phase}`)}`,
        }))}
        value={otherId}
        onChange={setOtherId}
      />
      {other && (
        <Suspense fallback={<Patience />}>
          <Comparison older={older(build, other)} newer={newer(build, other)} />
        </Suspense>
      )}
    </section>
  )
}

const older = (a: BuildStatus, b: BuildStatus) => (a.number < b.number ? a : b)
const newer = (a: BuildStatus, b: BuildStatus) => (a.number < b.number ? b : a)

function Comparison({ older, newer }: { older: BuildStatus; newer: BuildStatus }) {
  const { t } = useTranslation()
  const { data: before } = useSuspenseQuery(recipeOf(older.id))
  const { data: after } = useSuspenseQuery(recipeOf(newer.id))
  return (
    <>
      <Facts
        older={older}
        newer={newer}
        sameFiles={before.context_digest === after.context_digest}
      />
      <TextDiff
        title={t("image.section.dockerfile")}
        before={before.dockerfile}
        after={after.dockerfile}
      />
      <TextDiff title={t("image.section.wrapper")} before={before.wrapper} after={after.wrapper} />
    </>
  )
}

type FactsProps = { older: BuildStatus; newer: BuildStatus; sameFiles: boolean }

function Facts({ older, newer, sameFiles }: FactsProps) {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  const size = ({ size_bytes }: BuildStatus) =>
    size_bytes == null ? "–" : sizeOf(size_bytes, i18n.language)
  const took = ({ started_at, ended_at }: BuildStatus) =>
    started_at && ended_at
      ? format.duration(new Date(ended_at).getTime() - new Date(started_at).getTime())
      : "–"
  const rows = [
    { name: t("build.compare.size"), value: size },
    { name: t("build.compare.layers"), value: ({ layers }: BuildStatus) => String(layers ?? "–") },
    { name: t("build.compare.duration"), value: took },
  ]
  return (
    <>
      <table className={styles.facts}>
        <thead>
          <tr>
            <td />
            <th scope="col">{t("build.title", { number: older.number })}</th>
            <th scope="col">{t("build.title", { number: newer.number })}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, value }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value(older)}</td>
              <td>{value(newer)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.dim}>
        {sameFiles ? t("build.compare.sameFiles") : t("build.compare.otherFiles")}
      </p>
    </>
  )
}

function TextDiff({ title, before, after }: { title: string; before: string; after: string }) {
  const { t } = useTranslation()
  const lines = useMemo(() => textDiff(before, after), [before, after])
  return (
    <div>
      <h4 className={styles.diffTitle}>{title}</h4>
      {lines.length === 0 ? (
        <p className={styles.dim}>{t("build.compare.same")}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className={styles.diff} tabIndex={0} aria-label={title}>
          {lines.map(({ key, kind, text }) => (
            <div key={key} data-kind={kind}>
              {text}
            </div>
          ))}
        </section>
      )}
    </div>
  )
}
