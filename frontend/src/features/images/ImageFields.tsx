/** The fields of an Image, one section at a time; they share one form. */
import { Textarea, TextInput } from "@mantine/core"
import type { UseFormReturnType } from "@mantine/form"
import { lazy, Suspense } from "react"
import { useTranslation } from "react-i18next"
import type { BuildStatus, ImageDraft } from "@/api/types"
import { Notice } from "@/ui/feedback/Notice"
import { Patience } from "@/ui/feedback/Patience"
import { PortsEditor } from "@/ui/fields/PortsEditor"
import { ProfileField } from "@/ui/fields/ProfileField"
import { fieldId } from "@/ui/form/fieldId"
import { Section } from "@/ui/page/Section"
import { dockerfileProblems } from "./dockerfileProblems"
import { sourceProblems } from "./files/sourceProblems"
import type { ImageSection } from "./images"
import styles from "./images.module.css"

const CodeEditor = lazy(() => import("@/ui/fields/CodeEditor"))

type Props = {
  /** Of an Image that exists: its files are known. */
  imageId?: string
  section: Exclude<ImageSection, "builds" | "files">
  form: UseFormReturnType<Required<ImageDraft>>
  line?: number
  lastBuild?: BuildStatus | null
}

export function ImageFields({ imageId, section, form, line, lastBuild }: Props) {
  const { t } = useTranslation()
  if (section === "general") return <General form={form} />
  if (section === "ports") {
    return (
      <Section title={t("port.title")} text={t("port.help")}>
        <PortsEditor
          ports={form.values.ports}
          errors={form.errors}
          onChange={(ports) => form.setFieldValue("ports", ports)}
          onBlur={(path) => form.validateField(path)}
        />
      </Section>
    )
  }
  const docker = section === "dockerfile"
  const helpId = `${fieldId(section)}-help`
  const error = form.errors[section]
  return (
    <Section
      title={t(`image.field.${section}`)}
      text={docker ? t("image.field.dockerfileHelp") : t("image.field.wrapperHelp")}
    >
      {error && <Notice tone="bad">{error}</Notice>}
      <div id={fieldId(section)} tabIndex={-1}>
        <Suspense fallback={<Patience />}>
          <CodeEditor
            key={section}
            language={docker ? "dockerfile" : "shell"}
            value={form.values[section]}
            label={t(`image.field.${section}`)}
            describedBy={helpId}
            line={docker ? line : undefined}
            check={docker ? (text) => problems(text) : undefined}
            onChange={(text) => form.setFieldValue(section, text)}
            onBlur={() => form.validateField(section)}
          />
        </Suspense>
      </div>
      <p id={helpId} className={styles.dim}>
        {t("image.field.editorHelp")}
      </p>
    </Section>
  )

  async function problems(text: string) {
    const hasWrapper = form.values.wrapper !== ""
    const missing = imageId ? await sourceProblems(imageId, text, hasWrapper, t) : []
    const problems = [...dockerfileProblems(text, t), ...missing]
    // The line at which the last build failed stays marked until it is changed.
    const failed = lastBuild?.phase === "failed" && lastBuild.line
    const untouched = failed && !form.isDirty("dockerfile")
    return untouched
      ? [
          ...problems,
          {
            line: failed,
            message: lastBuild.message || t("build.sentence.failed"),
            severity: "error" as const,
          },
        ]
      : problems
  }
}

function General({ form }: Pick<Props, "form">) {
  const { t } = useTranslation()
  return (
    <Section title={t("image.section.general")}>
      <TextInput
        id={fieldId("title")}
        label={t("image.field.title")}
        required
        maxLength={120}
        {...form.getInputProps("title")}
      />
      <Textarea
        id={fieldId("description")}
        label={t("image.field.description")}
        description={t("image.field.descriptionHelp")}
        autosize
        minRows={3}
        maxLength={2000}
        {...form.getInputProps("description")}
      />
      <TextInput
        id={fieldId("work_path")}
        label={t("image.field.workPath")}
        description={t("image.field.workPathHelp")}
        {...form.getInputProps("work_path")}
      />
      <ProfileField {...form.getInputProps("profile")} />
    </Section>
  )
}
