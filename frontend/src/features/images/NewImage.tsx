/** A new Image on one page: what comes with it already builds, so one button is enough. */
import { Button, Group } from "@mantine/core"
import { useForm } from "@mantine/form"
import { IconHammer } from "@tabler/icons-react"
import { useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { Image } from "@/api/types"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { useFieldProblemText } from "@/ui/feedback/problemText"
import { LeaveGuard } from "@/ui/form/LeaveGuard"
import { fieldErrors } from "@/ui/form/serverErrors"
import { PageHeader } from "@/ui/page/PageHeader"
import { BuildApproval, useMayBuild } from "./builds/BuildApproval"
import { ImageFields } from "./ImageFields"
import { useImageRules } from "./imageRules"
import { NEW_IMAGE, useCreateImage, useStartBuild } from "./images"
import styles from "./images.module.css"

export function NewImage() {
  const { t } = useTranslation()
  const text = useFieldProblemText()
  const navigate = useNavigate()
  const create = useCreateImage()
  const build = useStartBuild()
  const mayBuild = useMayBuild()
  const [made, setMade] = useState(false)
  const form = useForm({
    mode: "controlled",
    initialValues: {
      ...NEW_IMAGE,
      ports: NEW_IMAGE.ports.map((port) => ({ ...port, title: t("port.kind.web") })),
    },
    validateInputOnBlur: true,
    validate: useImageRules(),
  })

  const submit = (andBuild: boolean) =>
    form.onSubmit(async (values) => {
      try {
        const image = await create.mutateAsync(values)
        const begun = andBuild
          ? await build.mutateAsync({ imageId: image.id, useCache: true }).catch(() => null)
          : null
        setMade(true)
        // After the guard has seen that nothing is unsaved.
        setTimeout(() => show(image, begun?.id))
      } catch (error) {
        form.setErrors(fieldErrors(error, text))
      }
    })

  const show = (image: Image, buildId: string | undefined) =>
    void navigate({
      to: "/dashboard/images/$imageId",
      params: { imageId: image.id },
      search: buildId ? { section: "builds", build: buildId } : { section: "dockerfile" },
    })

  const busy = create.isPending || build.isPending
  return (
    <>
      <LeaveGuard dirty={form.isDirty() && !made} />
      <PageHeader title={t("image.newTitle")}>{t("image.newText")}</PageHeader>
      <BuildApproval />
      <form className={styles.form} onSubmit={submit(mayBuild)} noValidate>
        {create.error && Object.keys(form.errors).length === 0 && (
          <ProblemNotice error={create.error} />
        )}
        {(["general", "dockerfile", "wrapper", "ports"] as const).map((section) => (
          <ImageFields key={section} section={section} form={form} />
        ))}
        <Group justify="flex-end" gap="sm">
          {mayBuild && (
            <Button variant="default" loading={busy} onClick={() => submit(false)()}>
              {t("app.save")}
            </Button>
          )}
          <Button
            type="submit"
            loading={busy}
            leftSection={mayBuild && <IconHammer size={18} aria-hidden />}
          >
            {mayBuild ? t("image.saveAndBuild") : t("app.save")}
          </Button>
        </Group>
      </form>
    </>
  )
}
