/** Planning a session, and changing one. */
import { useQueryClient } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import type { Course, SessionDraft, VersionedSession } from "@/api/types"
import { useFormat } from "@/lib/format"
import { EditConflictDialog } from "@/ui/editConflict/EditConflictDialog"
import { useEditConflict } from "@/ui/editConflict/useEditConflict"
import { useShownValue } from "@/ui/editConflict/useShownValue"
import { sessionOf, useCreateSessions, useSaveSession } from "../courses"
import { SessionForm } from "./SessionForm"
import { draftOfSession, newValues, valuesOf } from "./sessionDraft"

type Props = { course: Course; session: VersionedSession | null; onClose: () => void }

export function SessionDialog({ course, session, onClose }: Props) {
  return session ? (
    <ChangeSession course={course} session={session} onClose={onClose} />
  ) : (
    <NewSession course={course} onClose={onClose} />
  )
}

function NewSession({ course, onClose }: Omit<Props, "session">) {
  const { t } = useTranslation()
  const create = useCreateSessions(course.id)
  return (
    <SessionForm
      courseId={course.id}
      title={t("session.addTitle")}
      values={newValues(course)}
      error={create.error}
      busy={create.isPending}
      onSubmit={(drafts) => create.mutateAsync(drafts).then(onClose)}
      onClose={onClose}
    />
  )
}

function ChangeSession({ course, session, onClose }: Props & { session: VersionedSession }) {
  const { t } = useTranslation()
  const cache = useQueryClient()
  const save = useSaveSession(session.id)
  const { label, show } = useSessionTexts()
  const edit = useEditConflict<SessionDraft, VersionedSession>({
    current: session,
    dirty: true,
    save,
    read: () => cache.fetchQuery({ ...sessionOf(session.id), staleTime: 0 }),
    draftOf: draftOfSession,
    adopt: onClose,
  })
  return (
    <>
      <SessionForm
        courseId={course.id}
        sessionId={session.id}
        title={t("session.editTitle")}
        values={valuesOf(session)}
        error={save.error}
        busy={save.isPending}
        behind={edit.conflict !== null}
        onSubmit={async ([draft]) => draft && edit.submit(draft)}
        onClose={onClose}
      />
      <EditConflictDialog
        conflict={edit.conflict}
        label={label}
        show={show}
        busy={save.isPending}
        onKeepTheirs={edit.keepTheirs}
        // What else refuses it is shown by the form.
        onSaveMine={() => void edit.saveMine().catch(() => {})}
        onGoOn={edit.goOn}
      />
    </>
  )
}

function useSessionTexts() {
  const { t } = useTranslation()
  const format = useFormat()
  const shown = useShownValue()
  const names: Record<string, string> = {
    title: t("session.field.title"),
    students: t("session.field.students"),
    starts_at: t("session.field.starts"),
    ends_at: t("session.field.ends"),
    block_before_start: t("session.field.block"),
    automatic_stop: t("session.field.stop"),
  }
  return {
    label: (path: string) => names[path] ?? path,
    show: (path: string, value: unknown) =>
      path.endsWith("_at") ? format.dateTime(new Date(String(value))) : shown(value),
  }
}
