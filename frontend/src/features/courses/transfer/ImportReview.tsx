/** What an import would make, what is taken, what is not given here, and what can be chosen. */
import { Button, Group, Radio, TextInput } from "@mantine/core"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "@/lib/format"
import { sizeOf } from "@/lib/sizes"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { MomentField } from "@/ui/fields/moment/MomentField"
import { Section } from "@/ui/page/Section"
import {
  type ImageOrigin,
  type ImportedCourse,
  type ImportedRecipe,
  type Read,
  useImportCourse,
} from "./courseFiles"
import { LeftOutNotice } from "./LeftOutNotice"
import styles from "./transfer.module.css"

type Props = { read: Read; onMade: (made: ImportedCourse) => void; onOther: () => void }

export function ImportReview({ read: { uploadId, check }, onMade, onOther }: Props) {
  const { t, i18n } = useTranslation()
  const importing = useImportCourse(uploadId)
  const [title, setTitle] = useState(check.suggested_title)
  const [firstDay, setFirstDay] = useState("")
  const [origin, setOrigin] = useState<ImageOrigin>(check.image?.origins[0] ?? "none")
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        importing.mutate(
          { title: title.trim() || null, image: origin, first_day: firstDay || null },
          { onSuccess: onMade },
        )
      }}
    >
      <LeftOutNotice items={check.left_out} />
      <Section title={t("courseFile.course")} text={t("courseFile.courseText")}>
        <TextInput
          label={t("course.field.title")}
          description={
            check.is_title_taken ? t("courseFile.titleTaken", { title: check.title }) : undefined
          }
          required
          maxLength={120}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        {check.description && <p>{check.description}</p>}
      </Section>
      <Section
        title={t("courseFile.image")}
        text={
          check.image?.files
            ? t("courseFile.files", {
                count: check.image.files,
                size: sizeOf(check.image.size, i18n.language),
              })
            : t("courseFile.imageText")
        }
      >
        {check.image ? (
          <Recipe recipe={check.image} origin={origin} onOrigin={setOrigin} />
        ) : (
          <Notice tone="info">
            {check.external_image
              ? t("courseFile.external", { reference: check.external_image })
              : t("courseFile.noImage")}
          </Notice>
        )}
      </Section>
      {check.sessions > 0 && (
        <Section
          title={t("courseFile.sessions")}
          text={t("courseFile.sessionsText", { count: check.sessions, days: check.days })}
        >
          <MomentField
            kind="day"
            label={t("courseFile.firstDay")}
            description={t("courseFile.firstDayHelp")}
            value={firstDay}
            onChange={setFirstDay}
          />
        </Section>
      )}
      <ProblemNotice error={importing.error} />
      <Group gap="sm">
        <Button type="submit" loading={importing.isPending} disabled={!title.trim()}>
          {t("courseFile.import")}
        </Button>
        <Button variant="default" onClick={onOther}>
          {t("courseFile.otherFile")}
        </Button>
      </Group>
    </form>
  )
}

type RecipeProps = {
  recipe: ImportedRecipe
  origin: ImageOrigin
  onOrigin: (origin: ImageOrigin) => void
}

function Recipe({ recipe, origin, onOrigin }: RecipeProps) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <>
      <Radio.Group
        label={recipe.title}
        value={origin}
        onChange={(value) => {
          const chosen = recipe.origins.find((known) => known === value)
          if (chosen) onOrigin(chosen)
        }}
      >
        <div className={styles.choices}>
          {recipe.origins.map((known) => (
            <Radio
              key={known}
              value={known}
              label={t(`courseFile.origin.${known}`)}
              description={t(
                known === "new" && recipe.is_title_taken
                  ? "courseFile.originHelp.newTaken"
                  : `courseFile.originHelp.${known}`,
              )}
            />
          ))}
        </div>
      </Radio.Group>
      {origin === "new" && recipe.files_left_out && (
        <Notice tone="warn">{t("courseFile.filesLeftOut")}</Notice>
      )}
      {origin === "new" && recipe.problems.length > 0 && (
        <Notice tone="warn" title={t("courseFile.problems")}>
          <ul className={styles.list}>
            {recipe.problems.map(({ line, kind, source, suggestion }) => (
              <li key={`${line} ${kind} ${source}`}>
                {t("courseFile.line", { line: format.number(line) })}{" "}
                {t(`image.hint.${suggestion ? "source_elsewhere" : kind}`, { source, suggestion })}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  )
}
