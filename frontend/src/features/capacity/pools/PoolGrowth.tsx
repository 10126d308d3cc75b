/** Machines that may be added to a pool: how many, how large, how soon, at what price. */
import { NumberInput, Switch } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { useFormat } from "@/lib/format"
import { fieldId } from "@/ui/form/fieldId"
import { Fields, Section } from "@/ui/page/Section"
import type { GrowthField, PoolFormState } from "./poolDraft"

const SIZE = ["cpu", "memory_mib"] as const
const NUMBER = ["max_machines", "idle_machines", "lead_minutes"] as const
const MONEY = ["hourly_price", "monthly_budget"] as const

export function PoolGrowth({ form }: { form: PoolFormState }) {
  const { t } = useTranslation()
  return (
    <Section title={t("pools.growth.title")} text={t("pools.growth.text")}>
      <Switch
        id={fieldId("growth.on")}
        label={t("pools.growth.on")}
        {...form.getInputProps("growth.on", { type: "checkbox" })}
      />
      {form.values.growth.on && <Details form={form} />}
    </Section>
  )
}

function Details({ form }: { form: PoolFormState }) {
  const { t } = useTranslation()
  const format = useFormat()
  const field = (name: GrowthField) => ({
    id: fieldId(`growth.${name}`),
    label: t(`pools.growth.field.${name}`),
    ...form.getInputProps(`growth.${name}`),
  })
  const memory = format.memory(Number(form.values.growth.memory_mib))
  return (
    <>
      <Fields>
        {NUMBER.map((name) => (
          <NumberInput
            key={name}
            {...field(name)}
            description={t(`pools.growth.help.${name}`)}
            allowDecimal={false}
          />
        ))}
      </Fields>
      <Fields>
        {SIZE.map((name) => (
          <NumberInput
            key={name}
            {...field(name)}
            description={name === "cpu" ? t("pools.growth.help.cpu") : memory}
            allowedDecimalSeparators={[".", ","]}
          />
        ))}
        {form.values.gpu_kind.trim() && <NumberInput {...field("gpus")} allowDecimal={false} />}
      </Fields>
      <Fields>
        {MONEY.map((name) => (
          <NumberInput
            key={name}
            {...field(name)}
            description={t(`pools.growth.help.${name}`)}
            allowedDecimalSeparators={[".", ","]}
          />
        ))}
      </Fields>
    </>
  )
}
