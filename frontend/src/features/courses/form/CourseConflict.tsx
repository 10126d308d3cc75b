/** Two edits of one Course, side by side. */
import type { Course } from "@/api/types"
import { EditConflictDialog } from "@/ui/editConflict/EditConflictDialog"
import { useCourseLabel, useCourseValue } from "./courseLabels"
import type { CourseEdit } from "./useCourseEdit"

type Props = {
  edit: CourseEdit
  busy: boolean
  onSaved?: (version: Course | null) => void
  onError: (error: unknown) => void
}

export function CourseConflict({ edit, busy, onSaved, onError }: Props) {
  const { base, conflict } = edit
  const label = useCourseLabel()
  const show = useCourseValue(conflict ? [base, conflict.theirs] : [base])
  return (
    <EditConflictDialog
      conflict={conflict}
      label={label}
      show={show}
      busy={busy}
      onKeepTheirs={edit.keepTheirs}
      onSaveMine={() => void edit.saveMine().then(onSaved, onError)}
      onGoOn={edit.goOn}
    />
  )
}
