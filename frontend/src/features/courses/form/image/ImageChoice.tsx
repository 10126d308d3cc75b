/** Choosing an Image and one of its Builds; what the Image says of itself comes along. */
import { Select } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { api } from "@/api/client"
import type { BuildStatus, Image, ImageSummary } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { fieldId } from "@/ui/form/fieldId"
import { Fields } from "@/ui/page/Section"

type Props = {
  imageId: string | null
  buildId: string | null
  error: unknown
  onBuild: (buildId: string | null) => void
  /** Another Image was chosen: its ports, profile and work folder are the new defaults. */
  onImage: (image: Image, build: BuildStatus | null) => void
  /** What the chosen Image brings is on its way: saving now would lose it. */
  onLoading: (loading: boolean) => void
}

export function ImageChoice({
  imageId: saved,
  buildId,
  error,
  onBuild,
  onImage,
  onLoading,
}: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const [imageId, setImageId] = useState(saved)
  const images = api.useQuery("get", "/api/images", {
    params: { query: { page_size: 200, sort: "title" } },
  })
  const catalogue = api.useQuery("get", "/api/images", {
    params: { query: { page_size: 200, sort: "title", origin: "catalogue" } },
  })
  const builds = useQuery(buildsOf(imageId))
  const image = useQuery({
    ...api.queryOptions("get", "/api/images/{image_id}", {
      params: { path: { image_id: imageId ?? "" } },
    }),
    enabled: imageId !== null,
  })
  const [chosen, setChosen] = useState<string | null>(null)

  useEffect(() => {
    if (!chosen || image.data?.id !== chosen || !builds.data) return
    setChosen(null)
    onImage(image.data, builds.data.items.find((build) => build.phase === "succeeded") ?? null)
  }, [chosen, image.data, builds.data, onImage])
  const failed = image.error ?? builds.error
  const loading = chosen !== null && !failed
  useEffect(() => {
    onLoading(loading)
  }, [loading, onLoading])

  const choices = builds.data?.items ?? []
  return (
    <>
      <Fields>
        <Select
          id={fieldId("image")}
          label={t("course.field.image")}
          description={t("course.field.imageHelp")}
          placeholder={t("course.field.imagePlaceholder")}
          searchable
          allowDeselect={false}
          data={groups(images.data?.items ?? [], catalogue.data?.items ?? [])}
          value={imageId}
          onChange={(id) => {
            setImageId(id)
            setChosen(id)
            onBuild(null)
          }}
        />
        <Select
          id={fieldId("build_id")}
          label={t("course.field.build")}
          description={t("course.field.buildHelp")}
          placeholder={t("course.field.buildPlaceholder")}
          disabled={!imageId}
          allowDeselect={false}
          error={error ? String(error) : undefined}
          data={choices.map((build) => ({
            value: build.id,
            label: buildLabel(build),
            disabled: build.phase !== "succeeded",
          }))}
          value={buildId}
          onChange={onBuild}
        />
      </Fields>
      <ProblemNotice error={failed} />
      {imageId && builds.data && !choices.some((build) => build.phase === "succeeded") && (
        <Notice tone="warn">{t("course.field.noBuild")}</Notice>
      )}
    </>
  )

  /** Each Image once: mine and shared ones may be open to all teachers too. */
  function groups(own: ImageSummary[], catalogue: ImageSummary[]) {
    const known = new Set(own.map(({ id }) => id))
    const platform = catalogue.filter(({ id }) => !known.has(id))
    return [
      {
        group: t("image.origins.mine"),
        images: own.filter(({ relation }) => relation === "owner"),
      },
      {
        group: t("course.field.imageOfOthers"),
        images: own.filter(({ relation }) => relation !== "owner"),
      },
      { group: t("image.origins.catalogue"), images: platform },
    ]
      .filter(({ images }) => images.length > 0)
      .map(({ group, images }) => ({
        group,
        items: images.map(({ id, title }) => ({ value: id, label: title })),
      }))
  }

  function buildLabel(build: BuildStatus): string {
    const { number } = build
    if (build.phase === "failed" || build.phase === "cancelled") {
      return t("course.field.buildFailed", { number })
    }
    if (build.phase !== "succeeded") return t("course.field.buildUnfinished", { number })
    const date = format.dateTime(new Date(build.ended_at ?? build.queued_at))
    return t("course.field.buildOption", { number, date })
  }
}

function buildsOf(imageId: string | null) {
  return {
    ...api.queryOptions("get", "/api/images/{image_id}/builds", {
      params: { path: { image_id: imageId ?? "" }, query: { page_size: 50 } },
    }),
    enabled: imageId !== null,
  }
}
