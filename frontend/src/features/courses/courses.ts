/** Courses as data: read, saved, moved through their statuses. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { Course, CourseDraft, CourseStatus, SessionDraft, VersionedSession } from "@/api/types"
import type { Edit } from "@/ui/editConflict/useEditConflict"

export const STATUSES: CourseStatus[] = ["draft", "test", "ready", "archived"]
export const SORTS = ["-updated_at", "title", "-title", "updated_at"] as const
export type CourseSort = (typeof SORTS)[number]

export const ORIGINS = ["mine", "shared", "space"] as const
export type CourseOrigin = (typeof ORIGINS)[number]

export type CourseFilter = {
  search?: string
  status?: CourseStatus
  origin?: CourseOrigin
  sort?: CourseSort
  page?: number
}

export const PAGE_SIZE = 25

export function courseList(filter: CourseFilter, pageSize = PAGE_SIZE) {
  return api.queryOptions("get", "/api/courses", {
    params: {
      query: {
        page: filter.page ?? 1,
        page_size: pageSize,
        search: filter.search || undefined,
        origin: filter.origin,
        status: filter.status ? [filter.status] : undefined,
        sort: filter.sort ?? "-updated_at",
      },
    },
  })
}

export function courseOf(courseId: string) {
  return api.queryOptions("get", "/api/courses/{course_id}", {
    params: { path: { course_id: courseId } },
  })
}

export const SESSIONS_PAGE_SIZE = 25

export function sessionsOf(courseId: string, page: number) {
  return api.queryOptions("get", "/api/courses/{course_id}/sessions", {
    params: { path: { course_id: courseId }, query: { page, page_size: SESSIONS_PAGE_SIZE } },
  })
}

export function sessionOf(sessionId: string) {
  return api.queryOptions("get", "/api/sessions/{session_id}", {
    params: { path: { session_id: sessionId } },
  })
}

/** What a person may say of a Course: the fields of a request, and no others. */
export function draftOf(course: Course): CourseDraft {
  const { title, description, status, build_id, external_image, ports, command, profile } = course
  const { resources, work_folder, submissions, lease, max_environments } = course
  const { show_username, show_password, window } = course
  return {
    title,
    description,
    status,
    build_id,
    external_image,
    ports,
    command,
    profile,
    resources,
    work_folder,
    submissions,
    show_username,
    show_password,
    window,
    lease,
    max_environments,
  }
}

export function newDraft(title: string, description: string): CourseDraft {
  return {
    title,
    description,
    status: "draft",
    ports: [],
    command: "",
    profile: "strict",
    resources: { pool: null, cpu: null, memory_mib: null, gpu: null },
    work_folder: { save: true, path: "/home/student/work" },
    submissions: { allowed: false, until: null, in_sessions: false },
    show_username: true,
    show_password: true,
    window: { hidden_ports: [], links: [] },
    lease: { minutes: null, hard_limit_minutes: null, notify: true, sound: true },
    max_environments: null,
  }
}

/** After any change: the Course itself, the lists, the calendar, its window. */
function useRefresh() {
  const cache = useQueryClient()
  return (course?: Course) => {
    if (course) cache.setQueryData(courseOf(course.id).queryKey, course)
    return cache.invalidateQueries({
      predicate: ({ queryKey }) =>
        /^\/api\/(courses|sessions|images)/.test(String(queryKey[1])) &&
        (!course || queryKey[1] !== "/api/courses/{course_id}"),
    })
  }
}

async function answer<T>(request: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  const { data, error } = await request
  if (error) throw error
  return data as T
}

/** The Course, in the version that was read. */
const edited = (courseId: string, etag: string) => ({
  path: { course_id: courseId },
  header: { "If-Match": etag },
})

export function useCreateCourse() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (body: CourseDraft) => answer(http.POST("/api/courses", { body })),
    onSuccess: (course) => void refresh(course),
  })
}

export function useSaveCourse(courseId: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ draft, etag }: Edit<CourseDraft>) =>
      answer(http.PUT("/api/courses/{course_id}", { params: edited(courseId, etag), body: draft })),
    onSuccess: (course) => void refresh(course),
  })
}

export function useCourseStatus({ id, etag }: Course) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (status: CourseStatus) =>
      answer(
        http.POST("/api/courses/{course_id}/status", {
          params: edited(id, etag),
          body: { status },
        }),
      ),
    onSuccess: (course) => void refresh(course),
  })
}

export function useDuplicateCourse(courseId: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: () =>
      answer(
        http.POST("/api/courses/{course_id}/duplicate", {
          params: { path: { course_id: courseId } },
        }),
      ),
    onSuccess: (copy) => void refresh(copy),
  })
}

/** Whether the course is still there: with work folders it goes later, and this can be undone. */
export function useDeleteCourse({ id, etag }: Course) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: async () => {
      await answer(http.DELETE("/api/courses/{course_id}", { params: edited(id, etag) }))
      const params = { path: { course_id: id } }
      const { data } = await http.GET("/api/courses/{course_id}", { params })
      return data
    },
    onSuccess: (course) => refresh(course),
  })
}

/** The session, in the version that was read. */
const editedSession = (sessionId: string, etag: string) => ({
  path: { session_id: sessionId },
  header: { "If-Match": etag },
})

/** All of them, or none. */
export function useCreateSessions(courseId: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: (items: SessionDraft[]) =>
      answer(
        http.POST("/api/courses/{course_id}/sessions/bulk", {
          params: { path: { course_id: courseId } },
          body: { items },
        }),
      ),
    onSuccess: () => refresh(),
  })
}

export function useSaveSession(sessionId: string) {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ draft: body, etag }: Edit<SessionDraft>) =>
      answer(
        http.PUT("/api/sessions/{session_id}", { params: editedSession(sessionId, etag), body }),
      ),
    onSuccess: () => refresh(),
  })
}

export function useDeleteSession() {
  const refresh = useRefresh()
  return useMutation({
    mutationFn: ({ id, etag }: VersionedSession) =>
      answer(http.DELETE("/api/sessions/{session_id}", { params: editedSession(id, etag) })),
    onSuccess: () => refresh(),
  })
}
