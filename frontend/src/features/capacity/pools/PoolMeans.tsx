/** What a pool's settings amount to on the machines it has. */
import { useTranslation } from "react-i18next"
import type { PoolState } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Notice } from "@/ui/feedback/Notice"
import { Section } from "@/ui/page/Section"
import type { PoolValues } from "./poolDraft"
import styles from "./pools.module.css"

type Props = { state: PoolState | null; values: PoolValues }

export function PoolMeans({ state, values }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  if (!state) {
    return (
      <Section title={t("pools.means.title")}>
        <p className={styles.plain}>{t("pools.means.none")}</p>
      </Section>
    )
  }
  const { on, first, last } = values.direct_ports
  return (
    <Section title={t("pools.means.title")}>
      <dl className={styles.sum}>
        <dt>{t("pools.means.machines")}</dt>
        <dd>{t("reach.machines", { count: state.nodes, usable: state.usable_nodes })}</dd>
        <dt>{t("pools.means.room")}</dt>
        <dd>{t("pools.means.fit", { count: heldBy(state, values) })}</dd>
        {on && (
          <>
            <dt>{t("pools.means.numbers")}</dt>
            <dd>
              {t("pools.means.numbersValue", {
                count: state.direct_held,
                all: format.number(Math.max(0, Number(last) - Number(first) + 1)),
              })}
            </dd>
          </>
        )}
      </dl>
      {isTooLarge(state, values) && <Notice tone="warn">{t("pools.means.tooLarge")}</Notice>}
    </Section>
  )
}

/** How many of the usual size its machines hold, were they empty. */
export function heldBy({ room }: PoolState, values: PoolValues): number {
  const shares = [
    room.cpu / Number(values.default_cpu || 1),
    room.memory_mib / Number(values.default_memory_mib || 1),
  ]
  const gpus = values.gpu_kind.trim() ? Number(values.default_gpu) : 0
  if (gpus > 0) shares.push(room.gpus / gpus)
  return Math.max(0, Math.floor(Math.min(...shares)))
}

export function isTooLarge({ usable_nodes, largest }: PoolState, values: PoolValues): boolean {
  if (usable_nodes === 0) return false
  return (
    Number(values.max_cpu) > largest.cpu ||
    Number(values.max_memory_mib) > largest.memory_mib ||
    (values.gpu_kind.trim() !== "" && Number(values.max_gpu) > largest.gpus)
  )
}
