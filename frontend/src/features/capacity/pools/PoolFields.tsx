/** All that an operator says of a pool, in the order in which they think of it. */
import { NumberInput, Radio, Stack, TextInput } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { useFormat } from "@/lib/format"
import { fieldId } from "@/ui/form/fieldId"
import { Fields, Section } from "@/ui/page/Section"
import { PoolDirectPorts } from "./PoolDirectPorts"
import { PoolGrowth } from "./PoolGrowth"
import type { PoolFormState } from "./poolDraft"

type Props = { form: PoolFormState; isNew: boolean }

const CORES = ["default_cpu", "max_cpu"] as const
const MEMORY = ["default_memory_mib", "max_memory_mib"] as const
const FOLDERS = ["default_folder_mib", "max_folder_mib"] as const
const GPUS = ["default_gpu", "max_gpu"] as const
const MINUTES = ["lease_minutes", "hard_limit_minutes", "idle_minutes"] as const

export function PoolFields({ form, isNew }: Props) {
  const { t } = useTranslation()
  return (
    <>
      <Names form={form} isNew={isNew} />
      <Amounts form={form} />
      <Section title={t("pools.time.title")} text={t("pools.time.text")}>
        <Fields>
          {MINUTES.map((name) => (
            <NumberInput
              key={name}
              id={fieldId(name)}
              label={t(`pools.field.${name}`)}
              description={t(`pools.help.${name}`)}
              step={30}
              allowDecimal={false}
              {...form.getInputProps(name)}
            />
          ))}
        </Fields>
      </Section>
      <Reach form={form} />
      <PoolDirectPorts form={form} />
      <Leaving form={form} />
      <PoolGrowth form={form} />
    </>
  )
}

function Names({ form, isNew }: Props) {
  const { t } = useTranslation()
  return (
    <Section title={t("pools.what.title")} text={t("pools.what.text")}>
      <Fields>
        <TextInput
          id={fieldId("title")}
          label={t("pools.field.title")}
          description={t("pools.help.title")}
          required
          maxLength={80}
          {...form.getInputProps("title")}
        />
        <TextInput
          id={fieldId("name")}
          label={t("pools.field.name")}
          description={t(isNew ? "pools.help.name" : "pools.help.nameFixed")}
          required={isNew}
          readOnly={!isNew}
          variant={isNew ? undefined : "filled"}
          maxLength={31}
          autoCapitalize="none"
          spellCheck={false}
          {...form.getInputProps("name")}
        />
      </Fields>
    </Section>
  )
}

function Amounts({ form }: { form: PoolFormState }) {
  const { t } = useTranslation()
  const format = useFormat()
  const amount = (name: (typeof CORES | typeof MEMORY | typeof GPUS)[number]) => ({
    id: fieldId(name),
    label: t(`pools.field.${name}`),
    ...form.getInputProps(name),
  })
  return (
    <Section title={t("pools.amounts.title")} text={t("pools.amounts.text")}>
      <Fields>
        {CORES.map((name) => (
          <NumberInput
            key={name}
            {...amount(name)}
            step={0.5}
            allowedDecimalSeparators={[".", ","]}
          />
        ))}
      </Fields>
      <Fields>
        {MEMORY.map((name) => (
          <NumberInput
            key={name}
            {...amount(name)}
            description={format.memory(Number(form.values[name]))}
            step={256}
            allowDecimal={false}
          />
        ))}
      </Fields>
      <TextInput
        id={fieldId("gpu_kind")}
        label={t("pools.field.gpu_kind")}
        description={t("pools.help.gpu_kind")}
        maxLength={63}
        autoCapitalize="none"
        spellCheck={false}
        {...form.getInputProps("gpu_kind")}
      />
      {form.values.gpu_kind.trim() && (
        <Fields>
          {GPUS.map((name) => (
            <NumberInput key={name} {...amount(name)} allowDecimal={false} />
          ))}
        </Fields>
      )}
    </Section>
  )
}

function Reach({ form }: { form: PoolFormState }) {
  const { t } = useTranslation()
  return (
    <Section title={t("pools.reach.title")} text={t("pools.reach.text")}>
      <Radio.Group label={t("pools.field.egress")} {...form.getInputProps("egress")}>
        <Stack gap="xs" mt={6}>
          {(["open", "filtered", "none"] as const).map((egress) => (
            <Radio
              key={egress}
              value={egress}
              label={t(`reach.word.${egress}`)}
              description={t(`reach.text.${egress}`)}
            />
          ))}
        </Stack>
      </Radio.Group>
    </Section>
  )
}

function Leaving({ form }: { form: PoolFormState }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <Section title={t("pools.leaving.title")} text={t("pools.leaving.text")}>
      <Radio.Group label={t("pools.field.on_drain")} {...form.getInputProps("on_drain")}>
        <Stack gap="xs" mt={6}>
          {(["end", "move"] as const).map((act) => (
            <Radio
              key={act}
              value={act}
              label={t(`pools.leaving.${act}`)}
              description={t(`pools.leaving.${act}Text`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Radio.Group label={t("pools.field.storage")} {...form.getInputProps("storage")}>
        <Stack gap="xs" mt={6}>
          {(["node", "node_quota", "shared"] as const).map((storage) => (
            <Radio
              key={storage}
              value={storage}
              label={t(`pools.storage.${storage}`)}
              description={t(`pools.storage.${storage}Text`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      {form.values.storage === "node_quota" && (
        <Fields>
          {FOLDERS.map((name) => (
            <NumberInput
              key={name}
              id={fieldId(name)}
              label={t(`pools.field.${name}`)}
              description={format.memory(Number(form.values[name]))}
              step={256}
              allowDecimal={false}
              {...form.getInputProps(name)}
            />
          ))}
        </Fields>
      )}
    </Section>
  )
}
