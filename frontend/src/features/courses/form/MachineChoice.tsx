/** Which machines a Course runs on, and how far they let its environments reach. */
import { Select, Text } from "@mantine/core"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import type { Pool } from "@/api/types"
import { fieldId } from "@/ui/form/fieldId"
import { DEFAULT_POOL } from "./pools"

type Props = {
  /** Null: the default choice. */
  value: string | null
  pools: Pool[]
  pool: Pool
  error: ReactNode
  onChange: (name: string | null) => void
}

export function MachineChoice({ value, pools, pool, error, onChange }: Props) {
  const { t } = useTranslation()
  const reachOf = (name: string) => pools.find((choice) => choice.name === name)?.egress ?? "open"
  return (
    <>
      {(pools.length > 1 || value !== null) && (
        <Select
          id={fieldId("resources.pool")}
          label={t("resources.machines")}
          description={t("resources.machinesHelp")}
          data={pools.map((choice) => ({ value: choice.name, label: choice.title }))}
          value={value ?? DEFAULT_POOL}
          error={error}
          allowDeselect={false}
          renderOption={({ option }) => (
            <div>
              {option.label}
              <Text size="sm" c="dimmed">
                {t("reach.title")} · {t(`reach.word.${reachOf(option.value)}`)}
              </Text>
            </div>
          )}
          onChange={(name) => onChange(name === DEFAULT_POOL ? null : name)}
        />
      )}
      <Text size="sm" role="status">
        <strong>{t("reach.title")}</strong> · {t(`reach.text.${pool.egress}`)}
      </Text>
    </>
  )
}
