/** Whether a session finds room, in words, with free slots nearby. */
import { Button, Group, Text } from "@mantine/core"
import { useTranslation } from "react-i18next"
import type { CapacityCheck } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Notice } from "@/ui/feedback/Notice"
import { Patience } from "@/ui/feedback/Patience"
import type { Tone } from "@/ui/feedback/tones"
import styles from "../courses.module.css"
import type { Checked } from "./capacityCheck"

const TONES: Record<CapacityCheck["verdict"], Tone> = {
  free: "ok",
  tight: "warn",
  impossible: "bad",
  unknown: "still",
}

export type Slot = CapacityCheck["suggestions"][number]
type Props = Checked & { startsAt: Date; onTake: (slot: Slot) => void }

export function CapacityNotice({ check, isOld, startsAt, onTake }: Props) {
  const { t } = useTranslation()
  if (!check) return isOld ? <Patience text={t("capacity.checking")} /> : null
  return (
    <div className={styles.capacity} data-old={isOld || undefined} aria-busy={isOld}>
      <Notice tone={TONES[check.verdict]} title={t(`capacity.verdict.${check.verdict}`)} polite>
        <Words check={check} startsAt={startsAt} />
      </Notice>
      {check.suggestions.length > 0 && <Slots slots={check.suggestions} onTake={onTake} />}
    </div>
  )
}

function Words({ check, startsAt }: { check: CapacityCheck; startsAt: Date }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { students, fitting, fitting_now, pool_title: pool, machines_to_add, shortage } = check
  if (check.verdict === "free") return t("capacity.free", { count: students, pool })
  if (check.verdict === "unknown") return t("capacity.unknown", { pool })
  if (check.verdict === "impossible") {
    const why = { machines: "short", size: "size", none_usable: "noneUsable" } as const
    return (
      <>
        {t(`capacity.${why[shortage ?? "machines"]}`, { fitting, students, pool })}{" "}
        {t("capacity.asks")}
      </>
    )
  }
  const ready = new Date(check.ready_at ?? startsAt)
  const by = format.moment(ready, new Date())
  return (
    <>
      {t("capacity.now", { fitting: fitting_now, students, pool })}{" "}
      {t("capacity.add", { count: machines_to_add, by })}{" "}
      {ready > startsAt && t("capacity.wait", { until: by })}
    </>
  )
}

function Slots({ slots, onTake }: { slots: Slot[]; onTake: (slot: Slot) => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <div>
      <Text size="sm" fw={600}>
        {t("capacity.slots")}
      </Text>
      <Group gap="xs" mt={4}>
        {slots.map((slot) => {
          const when = format.range(new Date(slot.starts_at), new Date(slot.ends_at), new Date())
          return (
            <Button
              key={slot.starts_at}
              variant="default"
              size="compact-sm"
              aria-label={t("capacity.take", { slot: when })}
              onClick={() => onTake(slot)}
            >
              {when}
            </Button>
          )
        })}
      </Group>
    </div>
  )
}
