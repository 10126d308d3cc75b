/** Whether people reach environments at the machines themselves, and what that lets in. */
import { Checkbox, Group, NumberInput, Switch, Text, TextInput } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { Notice } from "@/ui/feedback/Notice"
import { fieldId } from "@/ui/form/fieldId"
import { Fields, Section } from "@/ui/page/Section"
import { KINDS, type PoolFormState } from "./poolDraft"

export function PoolDirectPorts({ form }: { form: PoolFormState }) {
  const { t } = useTranslation()
  return (
    <Section title={t("pools.direct.title")} text={t("pools.direct.text")}>
      <Switch
        id={fieldId("direct_ports.on")}
        label={t("pools.field.direct")}
        {...form.getInputProps("direct_ports.on", { type: "checkbox" })}
      />
      {form.values.direct_ports.on && <Details form={form} />}
    </Section>
  )
}

function Details({ form }: { form: PoolFormState }) {
  const { t } = useTranslation()
  return (
    <>
      <Notice tone="warn" title={t("pools.direct.warnTitle")}>
        {t("pools.direct.warnText")}
      </Notice>
      <Checkbox.Group label={t("pools.field.kinds")} {...form.getInputProps("direct_ports.kinds")}>
        <Group mt={6} gap="lg">
          {KINDS.map((kind, index) => (
            <Checkbox
              key={kind}
              id={index === 0 ? fieldId("direct_ports.kinds") : undefined}
              value={kind}
              label={t(`port.kind.${kind}`)}
            />
          ))}
        </Group>
      </Checkbox.Group>
      <Fields>
        {(["first", "last"] as const).map((end) => (
          <NumberInput
            key={end}
            id={fieldId(`direct_ports.${end}`)}
            label={t(`pools.field.${end}`)}
            description={end === "first" ? t("pools.help.range") : undefined}
            allowDecimal={false}
            {...form.getInputProps(`direct_ports.${end}`)}
          />
        ))}
      </Fields>
      <TextInput
        id={fieldId("direct_host")}
        label={t("pools.field.direct_host")}
        description={t("pools.help.direct_host")}
        maxLength={200}
        autoCapitalize="none"
        spellCheck={false}
        {...form.getInputProps("direct_host")}
      />
      <Text size="sm" c="dimmed">
        {t("pools.direct.machines")}
      </Text>
    </>
  )
}
