/** How tightly a container is held, in words. */
import { Radio, Stack } from "@mantine/core"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"

type Props = { value?: string; error?: ReactNode; onChange?: (value: string) => void }

export function ProfileField({ value, error, onChange }: Props) {
  const { t } = useTranslation()
  return (
    <Radio.Group label={t("course.field.profile")} value={value} error={error} onChange={onChange}>
      <Stack gap="xs" mt={6}>
        <Radio
          value="strict"
          label={t("course.field.profileStrict")}
          description={t("course.field.profileStrictHelp")}
        />
        <Radio
          value="compat"
          label={t("course.field.profileCompat")}
          description={t("course.field.profileCompatHelp")}
        />
      </Stack>
    </Radio.Group>
  )
}
