/** The form of a pool: checked field by field, saved over nobody else's change. */
import { Button } from "@mantine/core"
import { type FormErrors, useForm } from "@mantine/form"
import { useCallback, useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { asProblem } from "@/api/problems"
import type { PoolState } from "@/api/types"
import { ErrorSummary } from "@/ui/ErrorSummary"
import { fieldId } from "@/ui/fieldId"
import { LeaveGuard } from "@/ui/LeaveGuard"
import { ProblemNotice } from "@/ui/ProblemNotice"
import { useFieldProblemText, useProblemText } from "@/ui/problemText"
import { SaveBar } from "@/ui/SaveBar"
import { WithAside } from "@/ui/Section"
import { fieldErrors } from "@/ui/serverErrors"
import { useSavePool } from "./capacity"
import { PoolFields } from "./PoolFields"
import { PoolMeans } from "./PoolMeans"
import { EMPTY, FIELD_OF, onForm, type PoolValues, poolOf, valuesOf } from "./poolDraft"
import { poolFaults } from "./poolRules"
import styles from "./pools.module.css"

type Props = {
  /** Null: a new one. */
  state: PoolState | null
  onMade?: (name: string) => void
}

export function PoolForm({ state, onMade }: Props) {
  const { t } = useTranslation()
  const fieldText = useFieldProblemText()
  const problemText = useProblemText()
  const [shown, setShown] = useState(state)
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
  const { setInitialValues, setValues, resetDirty, clearErrors } = form
  const show = useCallback(
    (fresh: PoolState) => {
      const values = valuesOf(fresh.pool)
      setInitialValues(values)
      setValues(values)
      resetDirty(values)
      clearErrors()
      setShown(fresh)
      setSent(false)
    },
    [setInitialValues, setValues, resetDirty, clearErrors],
  )
  const dirty = form.isDirty()
  // Somebody else's change is shown as long as nothing of one's own would be lost.
  useEffect(() => {
    if (state && !dirty && !save.isPending && state.changed_at !== shown?.changed_at) show(state)
  }, [state, shown, dirty, save.isPending, show])
  const refuse = (error: unknown) => {
    const problem = asProblem(error)
    const field = FIELD_OF[problem.code]
    const errors = field ? { [field]: problemText(problem) } : onForm(fieldErrors(error, fieldText))
    form.setErrors(errors)
    setPlaced(Object.keys(errors).length > 0)
    goToFirst(errors)
  }
  const submit = form.onSubmit(
    (values) =>
      save.mutate(
        { pool: poolOf(values), seen: shown?.changed_at ?? null },
        {
          onError: refuse,
          onSuccess: (fresh) => {
            if (!state) onMade?.(values.name.trim())
            else if (fresh) show(fresh)
          },
        },
      ),
    (errors) => {
      setSent(true)
      goToFirst(errors)
    },
  )
  const changed = save.isError && asProblem(save.error).code === "pool_changed"
  return (
    <form onSubmit={submit} noValidate>
      <LeaveGuard dirty={dirty && !(save.isSuccess && !state)} />
      <WithAside aside={<PoolMeans state={shown} values={form.values} />}>
        {(sent || save.isError) && (
          <ErrorSummary errors={form.errors} labels={(path) => t(labelOf(path))} />
        )}
        <PoolFields form={form} isNew={!state} />
        {save.error && !placed && (
          <div className={styles.stack}>
            <ProblemNotice error={save.error} />
            {changed && state && (
              <div>
                <Button
                  variant="default"
                  onClick={() => {
                    save.reset()
                    show(state)
                  }}
                >
                  {t("pools.reload")}
                </Button>
              </div>
            )}
          </div>
        )}
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

type Label = Exclude<keyof PoolValues, "direct_ports"> | "direct" | "first" | "last" | "kinds"

function labelOf(path: string) {
  const name = path.replace("direct_ports.on", "direct").replace("direct_ports.", "")
  return `pools.field.${name as Label}` as const
}
