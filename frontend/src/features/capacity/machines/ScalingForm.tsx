/** How machines of a pool are made: the module, its variables, and when. */
import { NumberInput, Select, Switch, Textarea } from "@mantine/core"
import { useForm } from "@mantine/form"
import { useTranslation } from "react-i18next"
import type { ScalingState } from "@/api/types"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { fieldId } from "@/ui/form/fieldId"
import { LeaveGuard } from "@/ui/form/LeaveGuard"
import { SaveBar } from "@/ui/form/SaveBar"
import { Fields, Section } from "@/ui/page/Section"
import { useSaveScaling } from "./machines"
import { type ScalingValues, scalingFrom, valuesOf, variableFault } from "./scalingDraft"

const between = (value: number | "", least: number, most: number) =>
  value !== "" && value >= least && value <= most

export function ScalingForm({ name, state }: { name: string; state: ScalingState }) {
  const { t } = useTranslation()
  const save = useSaveScaling()
  const { scaling, modules } = state
  const form = useForm<ScalingValues>({
    mode: "controlled",
    initialValues: valuesOf(scaling, modules),
    validateInputOnBlur: true,
    validate: {
      module: (value) => (value ? null : t("fieldProblem.missing")),
      variables: (value) => {
        const fault = variableFault(value)
        const named = { ...fault, interpolation: { escapeValue: false } }
        return fault && t(`machines.invalid.${fault.kind}`, named)
      },
      keep_minutes: (value) => (between(value, 0, 10_080) ? null : t("pools.invalid.between")),
      join_minutes: (value) => (between(value, 1, 1440) ? null : t("pools.invalid.between")),
      demand_minutes: (value, { demand }) =>
        !demand || between(value, 0, 1440) ? null : t("pools.invalid.between"),
    },
  })
  const submit = form.onSubmit((values) =>
    save.mutate({
      name,
      scaling: scalingFrom(values, Boolean(scaling?.enabled)),
      etag: state.etag,
    }),
  )
  const dirty = form.isDirty()
  return (
    <form onSubmit={submit} noValidate>
      <LeaveGuard dirty={dirty && !save.isSuccess} />
      <Section title={t("machines.settings")} text={t("machines.settingsText")}>
        <Select
          id={fieldId("module")}
          label={t("machines.field.module")}
          description={modules.length === 0 ? t("machines.noModule") : state.command}
          data={modules}
          allowDeselect={false}
          {...form.getInputProps("module")}
        />
        <Textarea
          id={fieldId("variables")}
          label={t("machines.field.variables")}
          description={t("machines.help.variables")}
          autosize
          minRows={3}
          maxRows={12}
          spellCheck={false}
          {...form.getInputProps("variables")}
        />
        <Fields>
          {(["keep_minutes", "join_minutes"] as const).map((field) => (
            <NumberInput
              key={field}
              id={fieldId(field)}
              label={t(`machines.field.${field}`)}
              allowDecimal={false}
              {...form.getInputProps(field)}
            />
          ))}
        </Fields>
        <Switch
          id={fieldId("demand")}
          label={t("machines.field.demand")}
          {...form.getInputProps("demand", { type: "checkbox" })}
        />
        {form.values.demand && (
          <NumberInput
            id={fieldId("demand_minutes")}
            label={t("machines.field.demand_minutes")}
            allowDecimal={false}
            {...form.getInputProps("demand_minutes")}
          />
        )}
        <ProblemNotice error={save.error} />
      </Section>
      <SaveBar dirty={dirty || !scaling} saving={save.isPending} saved={save.isSuccess} />
    </form>
  )
}
