/** What every student gets: which machines, and how much of one. */
import { NumberInput } from "@mantine/core"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import type { Pool } from "@/api/types"
import { useFormat } from "@/lib/format"
import { fieldId } from "@/ui/form/fieldId"
import { Fields, Section } from "@/ui/page/Section"
import { MachineChoice } from "./MachineChoice"

export type ResourceValues = {
  pool: string | null
  cpu: number | null
  memory_mib: number | null
  gpu: number | null
}

type Props = {
  values: ResourceValues
  pools: Pool[]
  pool: Pool
  errors: Record<string, ReactNode>
  onChange: (change: Partial<ResourceValues>) => void
  onBlur: (path: string) => void
}

export function ResourceFields({ values, pools, pool, errors, onChange, onBlur }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const number = (value: string | number) => (value === "" ? null : Number(value))
  return (
    <Section title={t("course.form.resourcesTitle")} text={t("course.form.resourcesText")}>
      <MachineChoice
        value={values.pool}
        pools={pools}
        pool={pool}
        error={errors["resources.pool"]}
        // What another kind of machine gives is another's: a GPU asked of one is not asked of the next.
        onChange={(name) => onChange({ pool: name, gpu: null })}
      />
      <Fields>
        <NumberInput
          id={fieldId("resources.cpu")}
          label={t("course.field.cpu")}
          description={t("resources.bounds", {
            usual: format.number(pool.default_cpu ?? 1),
            most: format.number(pool.max_cpu ?? 1),
          })}
          step={0.5}
          value={values.cpu ?? ""}
          error={errors["resources.cpu"]}
          onBlur={() => onBlur("resources.cpu")}
          onChange={(cpu) => onChange({ cpu: number(cpu) })}
        />
        <NumberInput
          id={fieldId("resources.memory_mib")}
          label={t("course.field.memory")}
          description={t("resources.bounds", {
            usual: format.number(pool.default_memory_mib ?? 0),
            most: format.number(pool.max_memory_mib ?? 0),
          })}
          step={256}
          allowDecimal={false}
          value={values.memory_mib ?? ""}
          error={errors["resources.memory_mib"]}
          onBlur={() => onBlur("resources.memory_mib")}
          onChange={(memory) => onChange({ memory_mib: number(memory) })}
        />
        {(pool.max_gpu ?? 0) > 0 && (
          <NumberInput
            id={fieldId("resources.gpu")}
            label={t("resources.gpus")}
            description={t("resources.gpusHelp", {
              kind: pool.gpu_kind,
              usual: pool.default_gpu,
              most: pool.max_gpu,
            })}
            allowDecimal={false}
            value={values.gpu ?? ""}
            error={errors["resources.gpu"]}
            onBlur={() => onBlur("resources.gpu")}
            onChange={(gpu) => onChange({ gpu: number(gpu) })}
          />
        )}
      </Fields>
    </Section>
  )
}
