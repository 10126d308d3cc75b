/** What each student gets: image, ports, resources, work folder. */
import { Switch, TextInput } from "@mantine/core"
import { useForm } from "@mantine/form"
import { useCallback, useState } from "react"
import { useTranslation } from "react-i18next"
import type { BuildStatus, Course, CourseDraft, Image, Profile } from "@/api/types"
import { ErrorSummary } from "@/ui/ErrorSummary"
import { fieldId } from "@/ui/fieldId"
import { LeaveGuard } from "@/ui/LeaveGuard"
import { PortsEditor } from "@/ui/PortsEditor"
import { ProblemNotice } from "@/ui/ProblemNotice"
import { ProfileField } from "@/ui/ProfileField"
import { portErrors } from "@/ui/portErrors"
import { useFieldProblemText } from "@/ui/problemText"
import { SaveBar } from "@/ui/SaveBar"
import { Section, WithAside } from "@/ui/Section"
import { fieldErrors } from "@/ui/serverErrors"
import { CourseConflict } from "./CourseConflict"
import { useCourseLabel } from "./courseLabels"
import { draftOf, useSaveCourse } from "./courses"
import { ImageChoice } from "./ImageChoice"
import { LeaseFields, leaseFaults, leaseOf, leaseValues } from "./LeaseFields"
import { usePools } from "./pools"
import { ResourceFields } from "./ResourceFields"
import { RootNotice } from "./RootNotice"
import { SummaryCard } from "./SummaryCard"
import { useCourseEdit } from "./useCourseEdit"

const ABSOLUTE = /^\/[^\0:\s]{1,200}$/

type Props = { course: Course; saveLabel?: string; onSaved?: () => void }

export function TechnicalForm({ course, saveLabel, onSaved }: Props) {
  const { t } = useTranslation()
  const text = useFieldProblemText()
  const label = useCourseLabel()
  const save = useSaveCourse(course.id)
  const [loading, setLoading] = useState(false)
  const form = useForm({
    mode: "controlled",
    initialValues: valuesOf(course),
    validateInputOnBlur: true,
    validate: (values) => {
      const { cpu, memory_mib: memory, gpu } = values.resources
      const live = course.status === "test" || course.status === "ready"
      const most = values.max_environments
      const faults = Object.entries(leaseFaults(values.lease))
      return {
        ...portErrors(values.ports, t),
        ...Object.fromEntries(faults.map(([path, fault]) => [path, fault && t(fault)])),
        max_environments:
          most !== null && (most < 1 || most > 10_000) ? t("lease.invalidMost") : null,
        build_id: live && !values.build_id ? t("course.invalid.buildNeeded") : null,
        "resources.cpu": cpu !== null && (cpu <= 0 || cpu > 64) ? t("course.invalid.cpu") : null,
        "resources.memory_mib":
          memory !== null && (memory < 64 || memory > 1_048_576)
            ? t("course.invalid.memory")
            : null,
        "resources.gpu":
          gpu !== null && (gpu < 0 || gpu > 16) ? t("fieldProblem.gpu_over_maximum") : null,
        "work_folder.path": ABSOLUTE.test(values.work_folder.path)
          ? null
          : t("course.invalid.path"),
      }
    },
  })
  const { setValues, setFieldValue } = form
  const onImage = useCallback(
    (image: Image, build: BuildStatus | null) =>
      setValues((old) => ({
        ...old,
        build_id: build?.id ?? null,
        ports: image.ports ?? [],
        profile: image.profile ?? "strict",
        work_folder: {
          save: old.work_folder?.save ?? true,
          path: image.work_path ?? "/home/student/work",
        },
      })),
    [setValues],
  )
  const dirty = form.isDirty()
  const edit = useCourseEdit(course, dirty, save, (version) => {
    form.setValues(valuesOf(version))
    form.resetDirty(valuesOf(version))
  })
  const refused = (error: unknown) => form.setErrors(fieldErrors(error, text))
  // After the guard has seen that nothing is unsaved.
  const saved = (version: Course | null) => version && setTimeout(() => onSaved?.())
  const submit = form.onSubmit((values) => {
    const draft = { ...draftOf(edit.base), ...values, lease: leaseOf(values.lease) }
    edit.submit(draft satisfies CourseDraft).then(saved, refused)
  })
  const { values, errors } = form
  const { pools, pool } = usePools(values.resources.pool, course.pool)
  return (
    <form onSubmit={submit} noValidate>
      <LeaveGuard dirty={dirty} />
      <CourseConflict edit={edit} busy={save.isPending} onSaved={saved} onError={refused} />
      <WithAside
        aside={
          <SummaryCard
            course={course}
            now={{
              pool,
              resources: values.resources,
              ports: values.ports,
              saves: values.work_folder.save ?? true,
              path: values.work_folder.path ?? "",
            }}
          />
        }
      >
        {save.isError && (
          <>
            <ErrorSummary errors={errors} labels={label} />
            {Object.keys(errors).length === 0 && <ProblemNotice error={save.error} />}
          </>
        )}
        <Section title={t("course.form.imageTitle")} text={t("course.form.imageText")}>
          <ImageChoice
            key={edit.base.image?.image_id}
            imageId={edit.base.image?.image_id ?? null}
            buildId={values.build_id}
            error={errors.build_id}
            onBuild={(id) => setFieldValue("build_id", id)}
            onImage={onImage}
            onLoading={setLoading}
          />
          <div>
            <h3>{t("port.title")}</h3>
            <PortsEditor
              ports={values.ports}
              errors={errors}
              onChange={(ports) => setFieldValue("ports", ports)}
              onBlur={() =>
                form.setErrors({ ...withoutPorts(errors), ...portErrors(values.ports, t) })
              }
            />
          </div>
          <TextInput
            id={fieldId("command")}
            label={t("course.field.command")}
            description={t("course.field.commandHelp", {
              USERNAME: "{{USERNAME}}",
              PASSWORD: "{{PASSWORD}}",
              interpolation: { skipOnVariables: true },
            })}
            {...form.getInputProps("command")}
          />
          <ProfileField {...form.getInputProps("profile")} />
          {values.profile === "compat" && values.build_id && (
            <RootNotice buildId={values.build_id} pool={pool.name} />
          )}
        </Section>
        <ResourceFields
          values={values.resources}
          pools={pools}
          pool={pool}
          errors={errors}
          onChange={(change) => setFieldValue("resources", { ...values.resources, ...change })}
          onBlur={form.validateField}
        />
        <Section title={t("course.form.workTitle")} text={t("course.form.workText")}>
          <Switch
            label={t("course.field.saveWork")}
            description={t("course.field.saveWorkHelp")}
            {...form.getInputProps("work_folder.save", { type: "checkbox" })}
          />
          <TextInput
            id={fieldId("work_folder.path")}
            label={t("course.field.workPath")}
            description={t("course.field.workPathHelp")}
            {...form.getInputProps("work_folder.path")}
          />
        </Section>
        <LeaseFields
          pool={pool}
          lease={values.lease}
          most={values.max_environments}
          errors={errors}
          onLease={(change) => setFieldValue("lease", { ...values.lease, ...change })}
          onMost={(most) => setFieldValue("max_environments", most)}
          onBlur={form.validateField}
        />
        <Section title={t("course.form.windowTitle")} text={t("course.form.windowText")}>
          <Switch
            label={t("course.field.showUsername")}
            {...form.getInputProps("show_username", { type: "checkbox" })}
          />
          <Switch
            label={t("course.field.showPassword")}
            {...form.getInputProps("show_password", { type: "checkbox" })}
          />
        </Section>
        <SaveBar
          dirty={dirty}
          saving={save.isPending || loading}
          saved={save.isSuccess}
          label={saveLabel}
        />
      </WithAside>
    </form>
  )
}

function withoutPorts(errors: object) {
  return Object.fromEntries(Object.entries(errors).filter(([path]) => !path.startsWith("ports.")))
}

function valuesOf(course: Course) {
  return {
    build_id: course.build_id ?? null,
    ports: course.ports ?? [],
    command: course.command ?? "",
    profile: course.profile ?? ("strict" as Profile),
    resources: {
      pool: course.resources?.pool ?? null,
      cpu: course.resources?.cpu ?? null,
      memory_mib: course.resources?.memory_mib ?? null,
      gpu: course.resources?.gpu ?? null,
    },
    work_folder: course.work_folder ?? { save: true, path: "/home/student/work" },
    show_username: course.show_username ?? true,
    show_password: course.show_password ?? true,
    lease: leaseValues(course.lease),
    max_environments: course.max_environments ?? null,
  }
}
