/** An edit of a Course in the version that its form was filled with. */
import { useQueryClient } from "@tanstack/react-query"
import type { Course, CourseDraft } from "@/api/types"
import { useEditConflict } from "@/ui/editConflict/useEditConflict"
import { courseOf, draftOf, type useSaveCourse } from "../courses"

const GROUPS = ["resources", "work_folder", "lease", "window"] as const

export type CourseEdit = ReturnType<typeof useCourseEdit>

export function useCourseEdit(
  course: Course,
  dirty: boolean,
  save: ReturnType<typeof useSaveCourse>,
  adopt: (version: Course) => void,
) {
  const cache = useQueryClient()
  return useEditConflict<CourseDraft, Course>({
    current: course,
    dirty,
    save,
    read: () => cache.fetchQuery({ ...courseOf(course.id), staleTime: 0 }),
    draftOf,
    adopt,
    groups: GROUPS,
  })
}
