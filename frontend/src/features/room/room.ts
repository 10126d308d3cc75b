/** The live room as data: read, kept fresh by the event stream, and acted upon. */
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query"
import { api, http } from "@/api/client"
import type { DoneForOthers } from "@/api/types"
import { useLive } from "@/lib/live"
import { openTab } from "@/lib/openTab"

/** Milliseconds between two looks at what no event tells: times that pass, use of machines. */
const LOOK_EVERY = 15_000

export function roomOf(courseId: string) {
  return api.queryOptions("get", "/api/courses/{course_id}/room", {
    params: { path: { course_id: courseId } },
  })
}

/** The room; rows that did not change stay the same objects, so that they are not drawn again. */
export function useRoom(courseId: string) {
  const { data, refetch } = useSuspenseQuery({
    ...roomOf(courseId),
    staleTime: 0,
    refetchInterval: LOOK_EVERY,
  })
  useLive(
    (change) => change.course_id === courseId || change.subject_id === courseId,
    () => void refetch(),
  )
  return data
}

/** What is done, for whom (null: for everybody), and with which words or minutes. */
export type Act =
  | { verb: "start"; people: string[] | null }
  | { verb: "restart"; people: string[] }
  | { verb: "stop"; people: string[] | null; words: string }
  | { verb: "extend"; people: string[] | null; minutes: number }
  | { verb: "message"; people: string[] | null; text: string }

export type Done = DoneForOthers & { verb: Act["verb"] }

export function useRoomAct(courseId: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (act: Act) => request(courseId, act),
    // Also after a refusal: the page showed something old.
    onSettled: () => cache.invalidateQueries({ queryKey: roomOf(courseId).queryKey }),
  })
}

async function request(courseId: string, act: Act): Promise<Done> {
  const params = { path: { course_id: courseId } }
  const { people } = act
  if (act.verb === "stop") {
    const body = { people, words: act.words }
    const { data, error } = await http.POST("/api/courses/{course_id}/environments/stop", {
      params,
      body,
    })
    if (!data) throw error
    return { verb: act.verb, done: data.stopped, refused: [] }
  }
  const { data, error } = await send(params, act)
  if (!data) throw error
  return { verb: act.verb, ...data }
}

function send(params: { path: { course_id: string } }, act: Exclude<Act, { verb: "stop" }>) {
  const { people } = act
  switch (act.verb) {
    case "start":
      return http.POST("/api/courses/{course_id}/room/start", { params, body: { people } })
    case "restart":
      return http.POST("/api/courses/{course_id}/room/restart", {
        params,
        body: { people: act.people },
      })
    case "extend":
      return http.POST("/api/courses/{course_id}/room/extend", {
        params,
        body: { people, minutes: act.minutes },
      })
    case "message":
      return http.POST("/api/courses/{course_id}/room/messages", {
        params,
        body: { people, text: act.text },
      })
  }
}

/** Opens a page of a student's environment; the api records it and tells the student. */
export function useOpenFor(courseId: string, userId: string) {
  return useMutation({
    mutationFn: ({ port, waiting }: { port: number; waiting: string }) =>
      openTab(waiting, async () => {
        const { data, error } = await http.POST(
          "/api/courses/{course_id}/room/people/{user_id}/ports/{port}/open",
          { params: { path: { course_id: courseId, user_id: userId, port } } },
        )
        if (!data) throw error
        return data
      }),
  })
}
