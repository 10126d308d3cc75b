/** Registering a platform anew: other addresses, another client, another deployment. */
import { useForm } from "@mantine/form"
import { useQueryClient } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useRef, useState } from "react"
import { useTranslation } from "react-i18next"
import type { Platform, PlatformDraft } from "@/api/types"
import { EditConflictDialog } from "@/ui/editConflict/EditConflictDialog"
import { useEditConflict } from "@/ui/editConflict/useEditConflict"
import { useShownValue } from "@/ui/editConflict/useShownValue"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { useFieldProblemText } from "@/ui/feedback/problemText"
import { ErrorSummary } from "@/ui/form/ErrorSummary"
import { LeaveGuard } from "@/ui/form/LeaveGuard"
import { SaveBar } from "@/ui/form/SaveBar"
import { fieldErrors } from "@/ui/form/serverErrors"
import { PageHeader } from "@/ui/page/PageHeader"
import { BackToPlatforms } from "../BackToPlatforms"
import { type Changed, platformOf, sharedWith, useChangePlatform } from "../platforms"
import styles from "../platforms.module.css"
import { draftOf, onForm, type PlatformValues, useRules, valuesOf } from "./draft"
import { PlatformFields } from "./PlatformFields"
import { SharesPeople } from "./SharesPeople"
import { WhosePeople } from "./WhosePeople"

/** Whose people the keys would share, and what was said of the issuer before. */
type Shared = { platforms: string; people: Changed["people"] }

export function ChangePlatform({ platform }: { platform: Platform }) {
  const { t } = useTranslation()
  const text = useFieldProblemText()
  const navigate = useNavigate()
  const change = useChangePlatform(platform.id)
  const shownValue = useShownValue()
  const shown = (_: string, value: unknown) => shownValue(value)
  const label = (path: string) => {
    const name = path === "deployment_ids" ? "deployments" : path
    return t(`platforms.field.${name as "name"}`)
  }
  const [asked, setAsked] = useState<string | null>(null)
  const [sent, setSent] = useState(false)
  const form = useForm<PlatformValues>({
    mode: "controlled",
    initialValues: valuesOf(platform),
    validateInputOnBlur: true,
    validate: useRules(),
  })
  const [shared, setShared] = useState<Shared | null>(null)
  // What the operator answered goes with the next request.
  const answers = useRef<Omit<Changed, "draft" | "etag">>({})
  const cache = useQueryClient()
  const edit = useEditConflict<PlatformDraft, Platform>({
    current: platform,
    dirty: form.isDirty(),
    save: {
      isPending: change.isPending,
      reset: change.reset,
      mutateAsync: (version) => change.mutateAsync({ ...version, ...answers.current }),
    },
    read: () => cache.fetchQuery({ ...platformOf(platform.id), staleTime: 0 }),
    draftOf: (version) => draftOf(valuesOf(version)),
    adopt: (version) => {
      form.setValues(valuesOf(version))
      form.resetDirty(valuesOf(version))
    },
  })
  // The guard still knows of what was unsaved a moment ago.
  const leave = (version: Platform | null) =>
    version &&
    void navigate({
      to: "/dashboard/operate/platforms/$platformId",
      params: { platformId: platform.id },
      ignoreBlocker: true,
    })
  const refused = (error: unknown) => {
    const errors = onForm(fieldErrors(error, text))
    const platforms = sharedWith(error)
    setShared(platforms === null ? null : { platforms, people: answers.current.people })
    if (Object.keys(errors).length > 0 || platforms !== null) setAsked(null)
    form.setErrors(errors)
  }
  const save = (people?: Changed["people"], sharesPeople?: boolean) => {
    answers.current = { people, sharesPeople }
    edit.submit(draftOf(form.values)).then((version) => {
      setAsked(null)
      setShared(null)
      leave(version)
    }, refused)
  }
  const submit = form.onSubmit(
    (values) => {
      const { issuer } = draftOf(values)
      if (issuer === edit.base.issuer) save()
      else {
        change.reset()
        setAsked(issuer)
      }
    },
    () => setSent(true),
  )
  const wrong = Object.keys(form.errors).length > 0
  return (
    <>
      <LeaveGuard dirty={form.isDirty() && !change.isSuccess} />
      <EditConflictDialog
        conflict={edit.conflict}
        label={label}
        show={shown}
        busy={change.isPending}
        onKeepTheirs={edit.keepTheirs}
        onSaveMine={() => void edit.saveMine().then(leave, refused)}
        onGoOn={edit.goOn}
      />
      <PageHeader title={platform.name} above={<BackToPlatforms />}>
        <span>{t("platforms.changeText")}</span>
      </PageHeader>
      <form className={styles.stack} onSubmit={submit} noValidate>
        {(sent || change.isError) && <ErrorSummary errors={form.errors} labels={label} />}
        {change.error && !wrong && !asked && !shared && <ProblemNotice error={change.error} />}
        <PlatformFields form={form} />
        <SaveBar dirty={form.isDirty()} saving={change.isPending} saved={change.isSuccess} />
      </form>
      {asked && (
        <WhosePeople
          platform={platform}
          issuer={asked}
          busy={change.isPending}
          error={change.error}
          onConfirm={(people) => save(people)}
          onClose={() => setAsked(null)}
        />
      )}
      {shared && (
        <SharesPeople
          platforms={shared.platforms}
          confirm={t("platforms.whose.confirm")}
          busy={change.isPending}
          error={sharedWith(change.error) ? null : change.error}
          onConfirm={() => save(shared.people, true)}
          onClose={() => setShared(null)}
        />
      )}
    </>
  )
}
