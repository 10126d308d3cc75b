/** A form that changes part of a Course: its values, what was refused, an edit made meanwhile. */
import { type UseFormInput, useForm } from "@mantine/form"
import type { Course, CourseDraft } from "@/api/types"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { useFieldProblemText } from "@/ui/feedback/problemText"
import { ErrorSummary } from "@/ui/form/ErrorSummary"
import { LeaveGuard } from "@/ui/form/LeaveGuard"
import { fieldErrors } from "@/ui/form/serverErrors"
import { draftOf, useSaveCourse } from "../courses"
import { CourseConflict } from "./CourseConflict"
import { useCourseEdit } from "./useCourseEdit"

type Options<Values extends object> = {
  valuesOf: (course: Course) => Values
  validate: UseFormInput<Values>["validate"]
  /** What the form changes of the draft. */
  changes: (values: Values) => Partial<CourseDraft>
  onSaved?: (version: Course | null) => void
}

export function useCourseForm<Values extends object>(course: Course, options: Options<Values>) {
  const { valuesOf, changes, onSaved } = options
  const text = useFieldProblemText()
  const save = useSaveCourse(course.id)
  const form = useForm<Values>({
    mode: "controlled",
    initialValues: valuesOf(course),
    validateInputOnBlur: true,
    validate: options.validate,
  })
  const dirty = form.isDirty()
  const edit = useCourseEdit(course, dirty, save, (version) => {
    form.setValues(valuesOf(version))
    form.resetDirty(valuesOf(version))
  })
  const refused = (error: unknown) => form.setErrors(fieldErrors(error, text))
  const submit = form.onSubmit((values) => {
    const draft: CourseDraft = { ...draftOf(edit.base), ...changes(values) }
    edit.submit(draft).then(onSaved, refused)
  })
  const guards = (
    <>
      <LeaveGuard dirty={dirty} />
      <CourseConflict edit={edit} busy={save.isPending} onSaved={onSaved} onError={refused} />
    </>
  )
  return { form, save, dirty, edit, submit, guards }
}

type ProblemsProps = {
  save: ReturnType<typeof useSaveCourse>
  errors: Record<string, React.ReactNode>
  labels: (path: string) => string
}

/** Why the form was not saved. */
export function CourseFormProblems({ save, errors, labels }: ProblemsProps) {
  if (!save.isError) return null
  return (
    <>
      <ErrorSummary errors={errors} labels={labels} />
      {Object.keys(errors).length === 0 && <ProblemNotice error={save.error} />}
    </>
  )
}
