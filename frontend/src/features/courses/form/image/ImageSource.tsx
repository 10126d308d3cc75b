/** What a Course runs: a Build of an Image, or an image that others publish. */
import { SegmentedControl } from "@mantine/core"
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
      <SegmentedControl
        aria-label={t("course.external.source")}
        value={external ? "external" : "build"}
        data={[
          { value: "build", label: t("course.external.ours") },
          { value: "external", label: t("course.external.others") },
        ]}
        onChange={(value) => choose(value === "external")}
      />
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
