/** An Image: what it is called, its Dockerfile, its start script, its ports, its Builds. */
import { ActionIcon, Button, Menu, Tabs } from "@mantine/core"
import { useForm } from "@mantine/form"
import { IconDots, IconHammer, IconTrash } from "@tabler/icons-react"
import { useQueryClient } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { lazy, type ReactNode, Suspense, useRef, useState } from "react"
import { useTranslation } from "react-i18next"
import type { Image, ImageDraft } from "@/api/types"
import { EditConflictDialog } from "@/ui/editConflict/EditConflictDialog"
import { useEditConflict } from "@/ui/editConflict/useEditConflict"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { Patience } from "@/ui/feedback/Patience"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { useFieldProblemText } from "@/ui/feedback/problemText"
import { EditableOnly } from "@/ui/form/EditableOnly"
import { ErrorSummary } from "@/ui/form/ErrorSummary"
import { LeaveGuard } from "@/ui/form/LeaveGuard"
import { fieldErrors } from "@/ui/form/serverErrors"
import { BackLink } from "@/ui/page/BackLink"
import { PageHeader } from "@/ui/page/PageHeader"
import tabs from "@/ui/page/SectionTabs.module.css"
import { useShowOpen } from "@/ui/page/useShowOpen"
import { BuildApproval } from "./builds/BuildApproval"
import { BuildPhaseLabel } from "./builds/BuildPhaseLabel"
import { Builds } from "./builds/Builds"
import type { ShowTrial } from "./builds/BuildTrial"
import { ImageFields } from "./ImageFields"
import { useImageRules } from "./imageRules"
import {
  draftOf,
  type ImageSection,
  imageOf,
  SECTIONS,
  useDeleteImage,
  useSaveImage,
  useStartBuild,
} from "./images"
import styles from "./images.module.css"
import { useImageTexts } from "./imageTexts"

const Files = lazy(() => import("./files/Files").then(({ Files }) => ({ default: Files })))

export type ImageView = { section?: ImageSection; build?: string; line?: number }

type Props = {
  image: Image
  view: ImageView
  onView: (view: ImageView) => void
  /** The button about who has which right. */
  share?: ReactNode
  showTrial: ShowTrial
}

export function ImageEditor({ image, view, onView, share, showTrial }: Props) {
  const { t } = useTranslation()
  const text = useFieldProblemText()
  const save = useSaveImage(image.id)
  const build = useStartBuild()
  const { label, show } = useImageTexts()
  const section = view.section ?? "general"
  const mayEdit = image.can.includes("edit")
  const mayBuild = image.can.includes("build")
  const form = useForm({
    mode: "controlled",
    initialValues: draftOf(image),
    validateInputOnBlur: true,
    validate: useImageRules(),
  })
  const dirty = form.isDirty()
  const cache = useQueryClient()
  const edit = useEditConflict<Required<ImageDraft>, Image>({
    current: image,
    dirty,
    save,
    read: () => cache.fetchQuery({ ...imageOf(image.id), staleTime: 0 }),
    draftOf,
    adopt: (version) => {
      form.setValues(draftOf(version))
      form.resetDirty(draftOf(version))
    },
  })
  const tabRow = useRef<HTMLDivElement>(null)
  useShowOpen(tabRow, section)

  const submit = (andBuild: boolean, useCache = true) =>
    form.onSubmit(
      async (values) => {
        try {
          const saved = !form.isDirty() || (await edit.submit(values))
          if (!andBuild || !saved) return
          const begun = await build.mutateAsync({ imageId: image.id, useCache })
          onView({ section: "builds", build: begun.id })
        } catch (error) {
          refused(error)
        }
      },
      (errors) => showFirst(errors),
    )()

  function refused(error: unknown) {
    const fields = fieldErrors(error, text)
    form.setErrors(fields)
    showFirst(fields)
  }

  /** A field that is wrong may be in another section. */
  function showFirst(errors: object) {
    const path = Object.keys(errors).find((name) => errors[name as keyof typeof errors])
    if (path) onView({ section: sectionOf(path) })
  }

  const wrong = Object.values(form.errors).some(Boolean)
  return (
    <>
      <LeaveGuard dirty={dirty} />
      <EditConflictDialog
        conflict={edit.conflict}
        label={label}
        show={show}
        code={["dockerfile", "wrapper"]}
        busy={save.isPending}
        onKeepTheirs={edit.keepTheirs}
        onSaveMine={() => void edit.saveMine().catch(refused)}
        onGoOn={edit.goOn}
      />
      <PageHeader
        title={image.title}
        above={<BackLink to="/dashboard/images">{t("nav.images")}</BackLink>}
        action={
          <>
            {mayEdit && (
              <Button
                variant="default"
                disabled={!dirty}
                loading={save.isPending && !build.isPending}
                onClick={() => submit(false)}
              >
                {t("app.save")}
              </Button>
            )}
            {mayBuild && (
              <Button
                leftSection={<IconHammer size={18} aria-hidden />}
                loading={build.isPending}
                onClick={() => submit(true)}
              >
                {dirty ? t("image.saveAndBuild") : t("image.build")}
              </Button>
            )}
            {share}
            <ImageActions image={image} />
          </>
        }
      >
        {image.last_build ? (
          <BuildPhaseLabel phase={image.last_build.phase} />
        ) : (
          <span>{t("image.neverBuilt")}</span>
        )}
        <span>{t("image.inUse", { count: image.used_by })}</span>
        <span role="status">{dirty ? t("app.unsaved") : save.isSuccess ? t("app.saved") : ""}</span>
      </PageHeader>
      {mayEdit && !mayBuild && <BuildApproval />}
      <Tabs
        value={section}
        activateTabWithKeyboard={false}
        onChange={(name) => onView({ section: SECTIONS.find((known) => known === name) })}
      >
        <Tabs.List ref={tabRow} className={tabs.list} aria-label={t("image.sections")}>
          {SECTIONS.map((name) => (
            <Tabs.Tab key={name} value={name} className={tabs.tab}>
              {t(`image.section.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={section}>
          <div className={styles.form}>
            {wrong && save.isError && (
              <ErrorSummary
                errors={form.errors}
                labels={(path) => t(`image.section.${sectionOf(path)}`)}
              />
            )}
            {!wrong && <ProblemNotice error={save.error ?? build.error} />}
            {section === "builds" ? (
              <Builds
                imageId={image.id}
                profile={image.profile ?? "strict"}
                selected={view.build}
                mayBuild={mayBuild}
                onSelect={(id) => onView({ section: "builds", build: id })}
                onBuildWithoutCache={() => submit(true, false)}
                showTrial={showTrial}
                onLine={(line) => onView({ section: "dockerfile", line })}
              />
            ) : section === "files" ? (
              <Suspense fallback={<Patience />}>
                <Files
                  imageId={image.id}
                  mayEdit={mayEdit}
                  onUseDockerfile={(text) => {
                    form.setFieldValue("dockerfile", text)
                    onView({ section: "dockerfile" })
                  }}
                />
              </Suspense>
            ) : (
              <EditableOnly may={mayEdit} owner={image.owner_name}>
                <ImageFields
                  imageId={image.id}
                  section={section}
                  form={form}
                  line={view.line}
                  lastBuild={image.last_build}
                />
              </EditableOnly>
            )}
          </div>
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

function sectionOf(path: string): ImageSection {
  if (path.startsWith("ports")) return "ports"
  return path === "dockerfile" || path === "wrapper" ? path : "general"
}

function ImageActions({ image }: { image: Image }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [asked, setAsked] = useState(false)
  const remove = useDeleteImage(image)
  if (!image.can.includes("delete")) return null
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon
            variant="default"
            size={36}
            aria-label={t("app.actionsOf", { name: image.title })}
          >
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => setAsked(true)}
          >
            {t("course.delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={asked}
        title={t("image.deleteTitle", { title: image.title })}
        confirm={t("image.deleteConfirm")}
        danger
        busy={remove.isPending}
        onClose={() => setAsked(false)}
        onConfirm={() =>
          remove.mutate(undefined, { onSuccess: () => void navigate({ to: "/dashboard/images" }) })
        }
      >
        <p>
          {t("image.deleteText")} {t("image.inUse", { count: image.used_by })}.
        </p>
        <ProblemNotice error={remove.error} />
      </ConfirmDialog>
    </>
  )
}
