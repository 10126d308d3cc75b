/** What a Course runs: a Build of an Image, or an image that others publish. */
import { Radio, Stack } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { type ComponentProps, useState } from "react"
import { useTranslation } from "react-i18next"
import { ExternalImageField } from "./ExternalImageField"
import { imageRegistries } from "./externalImages"
import { ImageChoice } from "./ImageChoice"

type Props = ComponentProps<typeof ImageChoice> & {
  reference: string | null
  referenceError: unknown
  onReference: (reference: string | null) => void
}

export function ImageSource({ reference, referenceError, onReference, ...choice }: Props) {
  const { t } = useTranslation()
  const registries = useQuery(imageRegistries())
  const [external, setExternal] = useState(reference !== null)
  const allowed = registries.data?.items ?? []
  // Where the operator allows none, there is nothing to choose.
  if (allowed.length === 0 && reference === null) return <ImageChoice {...choice} />
  const choose = (next: boolean) => {
    setExternal(next)
    if (next) {
      choice.onBuild(null)
      onReference("")
    } else onReference(null)
  }
  return (
    <>
      <Radio.Group
        label={t("course.external.source")}
        value={external ? "external" : "build"}
        onChange={(value) => choose(value === "external")}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="build" label={t("course.external.ours")} />
          <Radio value="external" label={t("course.external.others")} />
        </Stack>
      </Radio.Group>
      {external ? (
        <ExternalImageField
          reference={reference ?? ""}
          registries={allowed}
          error={referenceError}
          onChange={onReference}
        />
      ) : (
        <ImageChoice {...choice} />
      )}
    </>
  )
}
