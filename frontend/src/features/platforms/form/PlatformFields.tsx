/** What we need of a platform, in the words under which Moodle shows it. */
import { Button, Textarea, TextInput } from "@mantine/core"
import type { UseFormReturnType } from "@mantine/form"
import { useTranslation } from "react-i18next"
import { fieldId } from "@/ui/form/fieldId"
import { Fields, Section } from "@/ui/page/Section"
import { ADDRESSES, moodleAddresses, type PlatformValues } from "./draft"

type Props = { form: UseFormReturnType<PlatformValues> }

export function PlatformFields({ form }: Props) {
  const { t } = useTranslation()
  const field = (name: keyof PlatformValues) => ({
    id: fieldId(name),
    label: t(`platforms.field.${name}`),
    ...form.getInputProps(name),
  })
  const issuer = form.values.issuer.trim()
  const nothingYet = ADDRESSES.every((name) => !form.values[name].trim())
  return (
    <Section title={t("platforms.theirs.title")} text={t("platforms.theirs.text")}>
      <TextInput
        {...field("name")}
        description={t("platforms.fieldHelp.name")}
        required
        maxLength={120}
      />
      <TextInput {...field("issuer")} description={t("platforms.fieldHelp.issuer")} required />
      {nothingYet && URL.canParse(issuer) && (
        <div>
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => form.setValues(moodleAddresses(issuer))}
          >
            {t("platforms.fillMoodle")}
          </Button>
        </div>
      )}
      <Fields>
        <TextInput {...field("client_id")} required maxLength={255} />
        <Textarea
          {...field("deployments")}
          description={t("platforms.fieldHelp.deployments")}
          required
          autosize
          minRows={1}
        />
      </Fields>
      {ADDRESSES.map((name) => (
        <TextInput key={name} {...field(name)} type="url" inputMode="url" required />
      ))}
      <Textarea
        {...field("origins")}
        description={t("platforms.fieldHelp.origins")}
        autosize
        minRows={1}
      />
    </Section>
  )
}
