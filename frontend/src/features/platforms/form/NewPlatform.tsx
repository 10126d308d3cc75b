/** Setting a platform up by hand: our addresses there, its addresses here. */
import { useForm } from "@mantine/form"
import { Link, useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { Trans, useTranslation } from "react-i18next"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { useFieldProblemText } from "@/ui/feedback/problemText"
import { ErrorSummary } from "@/ui/form/ErrorSummary"
import { LeaveGuard } from "@/ui/form/LeaveGuard"
import { SaveBar } from "@/ui/form/SaveBar"
import { fieldErrors } from "@/ui/form/serverErrors"
import { PageHeader } from "@/ui/page/PageHeader"
import { BackToPlatforms } from "../BackToPlatforms"
import { sharedWith, useAddPlatform } from "../platforms"
import styles from "../platforms.module.css"
import { draftOf, EMPTY, onForm, type PlatformValues, useRules } from "./draft"
import { OurAddresses } from "./OurAddresses"
import { PlatformFields } from "./PlatformFields"
import { SharesPeople } from "./SharesPeople"

export function NewPlatform() {
  const { t } = useTranslation()
  const text = useFieldProblemText()
  const navigate = useNavigate()
  const add = useAddPlatform()
  const [sent, setSent] = useState(false)
  const form = useForm<PlatformValues>({
    mode: "controlled",
    initialValues: EMPTY,
    validateInputOnBlur: true,
    validate: useRules(),
  })
  const [shared, setShared] = useState<string | null>(null)
  const save = (sharesPeople?: boolean) =>
    add.mutate(
      { draft: draftOf(form.values), sharesPeople },
      {
        // The guard still knows of what was unsaved a moment ago.
        onSuccess: (platform) =>
          void navigate({
            to: "/dashboard/operate/platforms/$platformId",
            params: { platformId: platform.id },
            ignoreBlocker: true,
          }),
        onError: (error) => {
          setShared(sharedWith(error))
          form.setErrors(onForm(fieldErrors(error, text)))
        },
      },
    )
  const submit = form.onSubmit(
    () => save(),
    () => setSent(true),
  )
  const wrong = Object.keys(form.errors).length > 0
  return (
    <>
      <LeaveGuard dirty={form.isDirty() && !add.isSuccess} />
      <PageHeader title={t("platforms.newTitle")} above={<BackToPlatforms />}>
        <span>
          <Trans
            i18nKey="platforms.newText"
            components={{ invite: <Link to="/dashboard/operate/platforms/invitations" /> }}
          />
        </span>
      </PageHeader>
      <div className={styles.stack}>
        <OurAddresses />
        <form className={styles.stack} onSubmit={submit} noValidate>
          {(sent || add.isError) && (
            <ErrorSummary
              errors={form.errors}
              labels={(path) => t(`platforms.field.${path as "name"}`)}
            />
          )}
          {add.error && !wrong && !shared && <ProblemNotice error={add.error} />}
          <PlatformFields form={form} />
          <SaveBar
            dirty={form.isDirty()}
            saving={add.isPending}
            saved={add.isSuccess}
            label={t("platforms.add")}
          />
        </form>
      </div>
      {shared && (
        <SharesPeople
          platforms={shared}
          confirm={t("platforms.add")}
          busy={add.isPending}
          error={sharedWith(add.error) ? null : add.error}
          onConfirm={() => save(true)}
          onClose={() => setShared(null)}
        />
      )}
    </>
  )
}
