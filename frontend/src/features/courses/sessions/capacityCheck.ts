/** Whether a session that is being typed finds room. */
import { useDebouncedValue } from "@mantine/hooks"
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { api } from "@/api/client"
import type { CapacityCheck } from "@/api/types"
import { draftOfValues, type SessionValues } from "./sessionDraft"
import { fromLocal, LONGEST_DAYS } from "./sessionTimes"

/** Milliseconds from the last key until the server is asked. */
const SETTLES_AFTER = 200
const DAY = 86_400_000

export type Checked = {
  check: CapacityCheck | undefined
  /** What is shown is of an earlier input. */
  isOld: boolean
}

export function useCapacityCheck(
  courseId: string,
  values: SessionValues,
  sessionId?: string,
): Checked {
  const [settled] = useDebouncedValue(values, SETTLES_AFTER)
  const asked = isWhole(settled) ? settled : null
  const { data, isPlaceholderData } = useQuery({
    ...api.queryOptions("get", "/api/courses/{course_id}/capacity-check", {
      params: {
        path: { course_id: courseId },
        query: asked ? queryOf(asked, sessionId) : NOTHING,
      },
    }),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
  return { check: asked ? data : undefined, isOld: isPlaceholderData || settled !== values }
}

const NOTHING = { students: 1, starts_at: "", ends_at: "" }

function queryOf(values: SessionValues, sessionId?: string) {
  const { students, starts_at, ends_at } = draftOfValues(values)
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return { students, starts_at, ends_at, session_id: sessionId, zone }
}

function isWhole({ students, starts_at, ends_at }: SessionValues): boolean {
  const count = Number(students)
  if (!starts_at || !ends_at || !Number.isInteger(count) || count < 1 || count > 5000) return false
  const length = fromLocal(ends_at).getTime() - fromLocal(starts_at).getTime()
  return length > 0 && length < LONGEST_DAYS * DAY
}
