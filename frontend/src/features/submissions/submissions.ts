/** Submitted work of a Course as data. */
import { useMutation } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { components } from "@/api/schema"
import { type ArchiveFormat, type FileSource, saveFrom } from "@/ui/files/files"
import { type PeopleFilter, queryOf } from "@/ui/list/peopleFilter"

export type PersonWork = components["schemas"]["PersonWork"]
export type CourseSubmissions = components["schemas"]["CourseSubmissions"]
export type Submission = components["schemas"]["Submission"]

export const WHICH = ["submitted", "missing"] as const
export type SubmissionListFilter = PeopleFilter<(typeof WHICH)[number]>

export function submissionsOf(courseId: string, filter: SubmissionListFilter) {
  return {
    ...api.queryOptions("get", "/api/courses/{course_id}/submissions", {
      params: {
        path: { course_id: courseId },
        query: queryOf(filter),
      },
    }),
    staleTime: 0,
  }
}

export function submissionOf(courseId: string, id: string) {
  return api.queryOptions("get", "/api/courses/{course_id}/submissions/{id}", {
    params: { path: { course_id: courseId, id } },
  })
}

async function addressOf(
  courseId: string,
  submissions: string[],
  format: ArchiveFormat,
  paths: string[] = [],
): Promise<string> {
  const { data, error } = await http.POST("/api/courses/{course_id}/submissions/downloads", {
    params: { path: { course_id: courseId } },
    body: { submissions, format, paths },
  })
  if (error) throw error
  return data.url
}

/** Download these submissions, or the newest of everybody. */
export function useDownload(courseId: string) {
  return useMutation({
    mutationFn: ({ ids, format }: { ids: string[]; format: ArchiveFormat }) =>
      addressOf(courseId, ids, format),
    onSuccess: saveFrom,
  })
}

export function submittedFiles(courseId: string, id: string): FileSource {
  return {
    key: ["submission", id],
    list: async (below) => {
      const path = "/api/courses/{course_id}/submissions/{id}/files"
      const params = { path: { course_id: courseId, id }, query: { path: below } }
      const { data, error } = await http.GET(path, { params })
      if (error) throw error
      return data
    },
    contentOf: (below) =>
      `/api/courses/${courseId}/submissions/${id}/content?${new URLSearchParams({ path: below })}`,
    addressOf: (paths, format) => addressOf(courseId, [id], format, paths),
  }
}
