/** A session as its form has it, and as the api has it. */
import type { Course, CourseSession, SessionDraft } from "@/api/types"
import { fromLocal, nextSlot, toLocal } from "./sessionTimes"

export type SessionValues = {
  title: string
  students: number | string
  starts_at: string
  ends_at: string
  block_before_start: boolean
  automatic_stop: boolean
}

/** The next full hour, for as many as came last. */
export function newValues(course: Course): SessionValues {
  const slot = nextSlot(new Date())
  return {
    title: "",
    students: course.sessions.last_students ?? 30,
    starts_at: toLocal(slot.starts),
    ends_at: toLocal(slot.ends),
    block_before_start: true,
    automatic_stop: true,
  }
}

export function valuesOf(session: CourseSession): SessionValues {
  return {
    title: session.title ?? "",
    students: session.students,
    starts_at: toLocal(new Date(session.starts_at)),
    ends_at: toLocal(new Date(session.ends_at)),
    block_before_start: session.block_before_start ?? true,
    automatic_stop: session.automatic_stop ?? true,
  }
}

export function draftOfValues(values: SessionValues): SessionDraft {
  return {
    ...values,
    students: Number(values.students),
    starts_at: fromLocal(values.starts_at).toISOString(),
    ends_at: fromLocal(values.ends_at).toISOString(),
  }
}

/** As the form would send it unchanged: it counts in minutes. */
export function draftOfSession(session: CourseSession): SessionDraft {
  return draftOfValues(valuesOf(session))
}
