/** What each student gets: image, ports, resources, work folder. */
import { NumberInput, Switch, TextInput } from "@mantine/core"
import { type ReactNode, useCallback, useState } from "react"
import { useTranslation } from "react-i18next"
import type { BuildStatus, Course, CourseDraft, Image, Profile } from "@/api/types"
import { useFormat } from "@/lib/format"
import { PortsEditor } from "@/ui/fields/PortsEditor"
import { ProfileField } from "@/ui/fields/ProfileField"
import { portErrors } from "@/ui/fields/portErrors"
import { fieldId } from "@/ui/form/fieldId"
import { SaveBar } from "@/ui/form/SaveBar"
import { Section, WithAside } from "@/ui/page/Section"
import { draftOf } from "../courses"
import { SummaryCard } from "../SummaryCard"
import { useCourseLabel } from "./courseLabels"
import { ImageSource } from "./image/ImageSource"
import { RootNotice } from "./image/RootNotice"
import { LeaseFields, leaseFaults, leaseOf, leaseValues } from "./LeaseFields"
import { usePools } from "./pools"
import { ResourceFields } from "./ResourceFields"
import { SubmissionFields } from "./SubmissionFields"
import { WindowFields, windowValues } from "./studentWindow/WindowFields"
import { linkErrors } from "./studentWindow/windowLinks"
import { CourseFormProblems, useCourseForm } from "./useCourseForm"

const ABSOLUTE = /^\/[^\0:\s]{1,200}$/

type Props = {
  course: Course
  saveLabel?: string
  onSaved?: () => void
  /** The student's window as the form has it now, made by the route. */
  preview?: (draft: CourseDraft) => ReactNode
}

export function TechnicalForm({ course, saveLabel, onSaved, preview }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const label = useCourseLabel()
  const [loading, setLoading] = useState(false)
  const { form, save, dirty, edit, submit, guards } = useCourseForm(course, {
    valuesOf,
    changes,
    // After the guard has seen that nothing is unsaved.
    onSaved: (version) => version && setTimeout(() => onSaved?.()),
    validate: (values) => {
      const { cpu, memory_mib: memory, gpu } = values.resources
      const live = course.status === "test" || course.status === "ready"
      const most = values.max_environments
      const size = values.work_folder.size_mib
      const faults = Object.entries(leaseFaults(values.lease))
      return {
        ...portErrors(values.ports, t),
        ...linkErrors(values.window.links, t),
        ...Object.fromEntries(faults.map(([path, fault]) => [path, fault && t(fault)])),
        max_environments:
          most !== null && (most < 1 || most > 10_000) ? t("lease.invalidMost") : null,
        external_image: values.external_image?.trim() === "" ? t("course.external.missing") : null,
        build_id:
          live && !values.build_id && values.external_image === null
            ? t("course.invalid.buildNeeded")
            : null,
        "resources.cpu": cpu !== null && (cpu <= 0 || cpu > 64) ? t("course.invalid.cpu") : null,
        "resources.memory_mib":
          memory !== null && (memory < 64 || memory > 1_048_576)
            ? t("course.invalid.memory")
            : null,
        "resources.gpu":
          gpu !== null && (gpu < 0 || gpu > 16) ? t("fieldProblem.gpu_over_maximum") : null,
        "work_folder.size_mib": size !== null && size < 16 ? t("folder.sizeInvalid") : null,
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
          size_mib: old.work_folder?.size_mib ?? null,
        },
      })),
    [setValues],
  )
  const { values, errors } = form
  const { pools, pool } = usePools(values.resources.pool, course.pool)
  return (
    <form onSubmit={submit} noValidate>
      {guards}
      <WithAside
        aside={
          <>
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
            {preview?.({ ...draftOf(course), ...changes(values) })}
          </>
        }
      >
        <CourseFormProblems save={save} errors={errors} labels={label} />
        <Section title={t("course.form.imageTitle")} text={t("course.form.imageText")}>
          <ImageSource
            key={edit.base.image?.image_id ?? edit.base.external_image}
            imageId={edit.base.image?.image_id ?? null}
            buildId={values.build_id}
            error={errors.build_id}
            onBuild={(id) => setFieldValue("build_id", id)}
            onImage={onImage}
            onLoading={setLoading}
            reference={values.external_image}
            referenceError={errors.external_image}
            onReference={(reference) => setFieldValue("external_image", reference)}
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
          {pool.storage === "node_quota" && values.work_folder.save && (
            <NumberInput
              id={fieldId("work_folder.size_mib")}
              label={t("folder.size")}
              description={`${t("resources.bounds", {
                usual: format.number(pool.default_folder_mib ?? 0),
                most: format.number(pool.max_folder_mib ?? 0),
              })} ${t("folder.sizeLater")}`}
              step={256}
              allowDecimal={false}
              value={values.work_folder.size_mib ?? ""}
              error={errors["work_folder.size_mib"]}
              onBlur={() => form.validateField("work_folder.size_mib")}
              onChange={(size) =>
                setFieldValue("work_folder.size_mib", size === "" ? null : Number(size))
              }
            />
          )}
          {values.work_folder.save && (
            <SubmissionFields
              rules={values.submissions}
              error={errors["submissions.until"]}
              onChange={(change) =>
                setFieldValue("submissions", { ...values.submissions, ...change })
              }
            />
          )}
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
        <WindowFields
          ports={values.ports}
          showUsername={values.show_username}
          showPassword={values.show_password}
          options={values.window}
          errors={errors}
          onUsername={(shown) => setFieldValue("show_username", shown)}
          onPassword={(shown) => setFieldValue("show_password", shown)}
          onOptions={(change) => setFieldValue("window", { ...values.window, ...change })}
          onBlur={form.validateField}
        />
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

function changes(values: ReturnType<typeof valuesOf>) {
  return { ...values, lease: leaseOf(values.lease) } satisfies Partial<CourseDraft>
}

function valuesOf(course: Course) {
  return {
    build_id: course.build_id ?? null,
    external_image: course.external_image ?? null,
    ports: course.ports ?? [],
    command: course.command ?? "",
    profile: course.profile ?? ("strict" as Profile),
    resources: {
      pool: course.resources?.pool ?? null,
      cpu: course.resources?.cpu ?? null,
      memory_mib: course.resources?.memory_mib ?? null,
      gpu: course.resources?.gpu ?? null,
    },
    work_folder: {
      save: course.work_folder?.save ?? true,
      path: course.work_folder?.path ?? "/home/student/work",
      size_mib: course.work_folder?.size_mib ?? null,
    },
    submissions: {
      allowed: course.submissions?.allowed ?? false,
      until: course.submissions?.until ?? null,
      in_sessions: course.submissions?.in_sessions ?? false,
    },
    show_username: course.show_username ?? true,
    show_password: course.show_password ?? true,
    window: windowValues(course.window),
    lease: leaseValues(course.lease),
    max_environments: course.max_environments ?? null,
  }
}
