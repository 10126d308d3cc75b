/** The form of a pool: checked field by field, saved over nobody else's change. */
import { type FormErrors, useForm } from "@mantine/form"
import { useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { asProblem } from "@/api/problems"
import type { Pool, PoolState } from "@/api/types"
import { EditConflictDialog } from "@/ui/editConflict/EditConflictDialog"
import { useEditConflict } from "@/ui/editConflict/useEditConflict"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { useFieldProblemText, useProblemText } from "@/ui/feedback/problemText"
import { ErrorSummary } from "@/ui/form/ErrorSummary"
import { fieldId } from "@/ui/form/fieldId"
import { LeaveGuard } from "@/ui/form/LeaveGuard"
import { SaveBar } from "@/ui/form/SaveBar"
import { fieldErrors } from "@/ui/form/serverErrors"
import { WithAside } from "@/ui/page/Section"
import { poolNamed, useSavePool } from "../capacity"
import { PoolFields } from "./PoolFields"
import { PoolMeans } from "./PoolMeans"
import { EMPTY, FIELD_OF, onForm, type PoolValues, poolOf, valuesOf } from "./poolDraft"
import { poolFaults } from "./poolRules"
import { usePoolTexts } from "./poolTexts"

type Stored = Pick<PoolState, "pool" | "etag">

const NOT_MADE: Stored = { pool: poolOf(EMPTY), etag: "" }

type Props = {
  /** Null: a new one. */
  state: PoolState | null
  onMade?: (name: string) => void
}

export function PoolForm({ state, onMade }: Props) {
  const { t } = useTranslation()
  const fieldText = useFieldProblemText()
  const problemText = useProblemText()
  const [sent, setSent] = useState(false)
  /** Whether the last refusal stands at a field, where it goes once that is mended. */
  const [placed, setPlaced] = useState(false)
  const save = useSavePool()
  const form = useForm<PoolValues>({
    mode: "controlled",
    initialValues: state ? valuesOf(state.pool) : EMPTY,
    validateInputOnBlur: true,
    validate: (values) =>
      Object.fromEntries(
        Object.entries(poolFaults(values)).map(([path, fault]) => [path, fault && t(fault)]),
      ),
  })
  const adopt = ({ pool }: Stored) => {
    const values = valuesOf(pool)
    form.setInitialValues(values)
    form.setValues(values)
    form.resetDirty(values)
    form.clearErrors()
    setSent(false)
  }
  const dirty = form.isDirty()
  const cache = useQueryClient()
  const { label, show } = usePoolTexts()
  const edit = useEditConflict<Pool, Stored>({
    current: state ?? NOT_MADE,
    dirty: dirty || !state,
    save,
    read: () => cache.fetchQuery({ ...poolNamed(state?.pool.name ?? ""), staleTime: 0 }),
    draftOf: ({ pool }) => poolOf(valuesOf(pool)),
    adopt: (version) => (state ? adopt(version) : onMade?.(version.pool.name)),
  })
  const refuse = (error: unknown) => {
    const problem = asProblem(error)
    const field = FIELD_OF[problem.code]
    const errors = field ? { [field]: problemText(problem) } : onForm(fieldErrors(error, fieldText))
    form.setErrors(errors)
    setPlaced(Object.keys(errors).length > 0)
    goToFirst(errors)
  }
  const submit = form.onSubmit(
    (values) => void edit.submit(poolOf(values)).catch(refuse),
    (errors) => {
      setSent(true)
      goToFirst(errors)
    },
  )
  return (
    <form onSubmit={submit} noValidate>
      <LeaveGuard dirty={dirty && !(save.isSuccess && !state)} />
      <EditConflictDialog
        conflict={edit.conflict}
        label={label}
        show={show}
        busy={save.isPending}
        onKeepTheirs={edit.keepTheirs}
        onSaveMine={() => void edit.saveMine().catch(refuse)}
        onGoOn={edit.goOn}
      />
      <WithAside aside={<PoolMeans state={state} values={form.values} />}>
        {(sent || save.isError) && <ErrorSummary errors={form.errors} labels={label} />}
        <PoolFields form={form} isNew={!state} />
        {save.error && !placed && <ProblemNotice error={save.error} />}
        <SaveBar
          dirty={dirty}
          saving={save.isPending}
          saved={save.isSuccess}
          label={state ? undefined : t("pools.make")}
        />
      </WithAside>
    </form>
  )
}

/** The form is long: what is wrong may be out of sight. */
function goToFirst(errors: FormErrors) {
  const wrong = Object.keys(errors).find((path) => errors[path])
  if (wrong) document.getElementById(fieldId(wrong))?.focus()
}
