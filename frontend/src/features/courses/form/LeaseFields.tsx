/** How long an environment runs, how its owner is warned, and how many run at once. */
import { NumberInput, Switch, TextInput } from "@mantine/core"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import type { CourseDraft, Pool } from "@/api/types"
import { fieldId } from "@/ui/form/fieldId"
import { Fields, Section } from "@/ui/page/Section"

export type LeaseValues = {
  minutes: number | null
  hard_limit_minutes: number | null
  idle_minutes: number | null
  warn_minutes: string
  notify: boolean
  sound: boolean
}

const A_YEAR = 525_600

export function leaseValues(lease: CourseDraft["lease"]): LeaseValues {
  return {
    minutes: lease?.minutes ?? null,
    hard_limit_minutes: lease?.hard_limit_minutes ?? null,
    idle_minutes: lease?.idle_minutes ?? null,
    warn_minutes: lease?.warn_minutes?.join(", ") ?? "",
    notify: lease?.notify ?? true,
    sound: lease?.sound ?? true,
  }
}

export function leaseOf(values: LeaseValues): NonNullable<CourseDraft["lease"]> {
  return { ...values, warn_minutes: warnings(values.warn_minutes) }
}

function warnings(text: string): number[] | null {
  const parts = text.split(/[\s,;]+/).filter(Boolean)
  return parts.length > 0 ? parts.map(Number) : null
}

type Fault =
  | "lease.invalidMinutes"
  | "lease.invalidHard"
  | "lease.invalidWarn"
  | "lease.invalidIdle"

/** What is wrong, by the path of the field. */
export function leaseFaults(values: LeaseValues): Record<string, Fault | null> {
  const { minutes, hard_limit_minutes: hard, idle_minutes: idle } = values
  const wrong = (value: number | null) => value !== null && (value < 1 || value > A_YEAR)
  const warn = warnings(values.warn_minutes) ?? []
  const badWarn = warn.length > 5 || warn.some((w) => !Number.isInteger(w) || w < 1 || w > 1440)
  return {
    "lease.minutes": wrong(minutes) ? "lease.invalidMinutes" : null,
    "lease.hard_limit_minutes": wrong(hard)
      ? "lease.invalidMinutes"
      : minutes !== null && hard !== null && hard < minutes
        ? "lease.invalidHard"
        : null,
    "lease.idle_minutes": idle !== null && (idle < 5 || idle > A_YEAR) ? "lease.invalidIdle" : null,
    "lease.warn_minutes": badWarn ? "lease.invalidWarn" : null,
  }
}

type Props = {
  pool: Pool
  lease: LeaseValues
  most: number | null
  errors: Record<string, ReactNode>
  onLease: (change: Partial<LeaseValues>) => void
  onMost: (most: number | null) => void
  onBlur: (path: string) => void
}

export function LeaseFields({ pool, lease, most, errors, onLease, onMost, onBlur }: Props) {
  const { t } = useTranslation()
  const number = (value: string | number) => (value === "" ? null : Number(value))
  return (
    <Section title={t("lease.title")} text={t("lease.text")}>
      <Fields>
        <NumberInput
          id={fieldId("lease.minutes")}
          label={t("lease.minutes")}
          description={
            pool.lease_minutes
              ? t("resources.minutes", { count: pool.lease_minutes })
              : t("lease.minutesHelp")
          }
          step={30}
          allowDecimal={false}
          value={lease.minutes ?? ""}
          error={errors["lease.minutes"]}
          onBlur={() => onBlur("lease.minutes")}
          onChange={(value) => onLease({ minutes: number(value) })}
        />
        <NumberInput
          id={fieldId("lease.hard_limit_minutes")}
          label={t("lease.hardMinutes")}
          description={
            pool.hard_limit_minutes
              ? t("resources.hardMinutes", { count: pool.hard_limit_minutes })
              : t("lease.hardMinutesHelp")
          }
          step={30}
          allowDecimal={false}
          value={lease.hard_limit_minutes ?? ""}
          error={errors["lease.hard_limit_minutes"]}
          onBlur={() => onBlur("lease.hard_limit_minutes")}
          onChange={(value) => onLease({ hard_limit_minutes: number(value) })}
        />
        <NumberInput
          id={fieldId("lease.idle_minutes")}
          label={t("lease.idle")}
          description={
            pool.idle_minutes
              ? t("lease.idlePool", { count: pool.idle_minutes })
              : t("lease.idleHelp")
          }
          step={15}
          allowDecimal={false}
          value={lease.idle_minutes ?? ""}
          error={errors["lease.idle_minutes"]}
          onBlur={() => onBlur("lease.idle_minutes")}
          onChange={(value) => onLease({ idle_minutes: number(value) })}
        />
        <TextInput
          id={fieldId("lease.warn_minutes")}
          label={t("lease.warn")}
          description={t("lease.warnHelp")}
          value={lease.warn_minutes}
          error={errors["lease.warn_minutes"]}
          onBlur={() => onBlur("lease.warn_minutes")}
          onChange={(event) => onLease({ warn_minutes: event.currentTarget.value })}
        />
        <NumberInput
          id={fieldId("max_environments")}
          label={t("lease.most")}
          description={t("lease.mostHelp")}
          allowDecimal={false}
          value={most ?? ""}
          error={errors.max_environments}
          onBlur={() => onBlur("max_environments")}
          onChange={(value) => onMost(number(value))}
        />
      </Fields>
      <Switch
        label={t("lease.notify")}
        checked={lease.notify}
        onChange={(event) => onLease({ notify: event.currentTarget.checked })}
      />
      <Switch
        label={t("lease.sound")}
        checked={lease.sound}
        onChange={(event) => onLease({ sound: event.currentTarget.checked })}
      />
    </Section>
  )
}
