/** Name and rights of a service account, in the form that creates it and in the one that changes it. */
import { Checkbox, Stack, TextInput } from "@mantine/core"
import { useTranslation } from "react-i18next"
import type { ServiceAccountDraft } from "@/api/types"
import { RIGHTS } from "./serviceAccounts"

type Props = {
  draft: ServiceAccountDraft
  onChange: (draft: ServiceAccountDraft) => void
  /** The form was sent once: say what lacks. */
  tried: boolean
}

export function AccountFields({ draft, onChange, tried }: Props) {
  const { t } = useTranslation()
  return (
    <Stack gap="md">
      <TextInput
        label={t("serviceAccounts.name")}
        description={t("serviceAccounts.nameHelp")}
        maxLength={80}
        required
        autoComplete="off"
        data-autofocus
        value={draft.name}
        error={tried && !draft.name.trim() && t("serviceAccounts.nameMissing")}
        onChange={(event) => onChange({ ...draft, name: event.currentTarget.value })}
      />
      <Checkbox.Group
        label={t("serviceAccounts.rights")}
        description={t("serviceAccounts.rightsHelp")}
        value={draft.rights ?? []}
        onChange={(chosen) =>
          onChange({ ...draft, rights: RIGHTS.filter((right) => chosen.includes(right)) })
        }
      >
        <Stack gap="xs" my="xs">
          {RIGHTS.map((right) => (
            <Checkbox
              key={right}
              value={right}
              label={t(`serviceAccounts.right.${right}`)}
              description={t(`serviceAccounts.rightText.${right}`)}
            />
          ))}
        </Stack>
      </Checkbox.Group>
    </Stack>
  )
}
