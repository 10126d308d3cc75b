/** An operator says what every screen shows. */
import { Button, ColorInput, FileInput, Switch, Textarea, TextInput } from "@mantine/core"
import { useForm } from "@mantine/form"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { useFieldProblemText } from "@/ui/feedback/problemText"
import { MomentField } from "@/ui/fields/moment/MomentField"
import { fieldId } from "@/ui/form/fieldId"
import { LeaveGuard } from "@/ui/form/LeaveGuard"
import { SaveBar } from "@/ui/form/SaveBar"
import { fieldErrors } from "@/ui/form/serverErrors"
import { Fields, Section } from "@/ui/page/Section"
import { institutionSettings, useSaveInstitution } from "./institution"
import styles from "./institution.module.css"
import {
  dataAddress,
  LARGEST_LOGO,
  MOST_ANNOUNCEMENTS,
  newAnnouncement,
  settingsOf,
  valuesOf,
} from "./institutionDraft"

export function InstitutionForm() {
  const { t } = useTranslation()
  const text = useFieldProblemText()
  const { data: stored } = useSuspenseQuery(institutionSettings())
  const save = useSaveInstitution()
  const form = useForm({ mode: "controlled", initialValues: valuesOf(stored.settings) })
  const { values } = form
  const dirty = form.isDirty()
  const submit = form.onSubmit((written) =>
    save.mutate(
      { settings: settingsOf(written), etag: stored.etag },
      {
        onSuccess: ({ settings }) => {
          form.setValues(valuesOf(settings))
          form.resetDirty(valuesOf(settings))
        },
        onError: (error) => form.setErrors(fieldErrors(error, text)),
      },
    ),
  )
  const takeLogo = async (file: File | null) => {
    if (!file) return
    if (file.size > LARGEST_LOGO || !/^image\/(png|jpeg|webp)$/.test(file.type)) {
      form.setFieldError("logo", t("institution.logoInvalid"))
      return
    }
    form.setFieldValue("logo", await dataAddress(file))
  }
  return (
    <form onSubmit={submit} noValidate className={styles.announcements} style={{ padding: 0 }}>
      <LeaveGuard dirty={dirty} />
      {save.error && Object.keys(form.errors).length === 0 && <ProblemNotice error={save.error} />}
      <Section title={t("institution.nameTitle")} text={t("institution.nameText")}>
        <Fields>
          <TextInput
            id={fieldId("name")}
            label={t("institution.field.name")}
            maxLength={80}
            {...form.getInputProps("name")}
          />
          <ColorInput
            id={fieldId("colour")}
            label={t("institution.field.colour")}
            description={t("institution.field.colourHelp")}
            format="hex"
            withEyeDropper={false}
            {...form.getInputProps("colour")}
          />
        </Fields>
        <FileInput
          id={fieldId("logo")}
          label={t("institution.field.logo")}
          description={t("institution.field.logoHelp")}
          placeholder={t("institution.chooseFile")}
          accept="image/png,image/jpeg,image/webp"
          error={form.errors.logo}
          onChange={(file) => void takeLogo(file)}
        />
        {values.logo && (
          <div>
            <img className={styles.logo} src={values.logo} alt={t("institution.logo")} />{" "}
            <Button variant="subtle" size="sm" onClick={() => form.setFieldValue("logo", "")}>
              {t("institution.removeLogo")}
            </Button>
          </div>
        )}
      </Section>
      <Section title={t("institution.linksTitle")} text={t("institution.linksText")}>
        <Fields>
          <TextInput
            id={fieldId("help_url")}
            label={t("institution.field.help")}
            placeholder="https://"
            {...form.getInputProps("help_url")}
          />
          <TextInput
            id={fieldId("support_url")}
            label={t("institution.field.support")}
            description={t("institution.field.supportHelp")}
            {...form.getInputProps("support_url")}
          />
        </Fields>
      </Section>
      <Section title={t("institution.announcements")} text={t("institution.announcementsText")}>
        {values.announcements.map((_, index) => {
          const path = (name: string) => `announcements.${index}.${name}`
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
            <fieldset key={index} className={styles.announcement} style={{ border: 0, padding: 0 }}>
              <legend className="md-hidden">
                {t("institution.number", { number: index + 1 })}
              </legend>
              <Fields>
                <Textarea
                  label={t("institution.field.textFr")}
                  maxLength={500}
                  {...form.getInputProps(path("text_fr"))}
                />
                <Textarea
                  label={t("institution.field.textEn")}
                  maxLength={500}
                  {...form.getInputProps(path("text_en"))}
                />
                <MomentField
                  label={t("institution.field.starts")}
                  {...form.getInputProps(path("starts_at"))}
                />
                <MomentField
                  label={t("institution.field.ends")}
                  error={form.errors[`announcements.${index}`]}
                  {...form.getInputProps(path("ends_at"))}
                />
              </Fields>
              <Switch
                label={t("institution.field.important")}
                {...form.getInputProps(path("important"), { type: "checkbox" })}
              />
              <div>
                <Button
                  variant="subtle"
                  size="sm"
                  onClick={() => form.removeListItem("announcements", index)}
                >
                  {t("institution.remove", { number: index + 1 })}
                </Button>
              </div>
            </fieldset>
          )
        })}
        {values.announcements.length < MOST_ANNOUNCEMENTS && (
          <div>
            <Button
              variant="default"
              size="sm"
              onClick={() => form.insertListItem("announcements", newAnnouncement(new Date()))}
            >
              {t("institution.add")}
            </Button>
          </div>
        )}
      </Section>
      <SaveBar dirty={dirty} saving={save.isPending} saved={save.isSuccess} />
    </form>
  )
}
