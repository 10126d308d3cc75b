/** Rights to a Course or an Image as data: read, given, changed, removed, handed over. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { http } from "@/api/client"
import type { NewShare, ShareRight, Sharing } from "@/api/types"

export type Shared = { kind: "course" | "image"; id: string; title: string }

const COURSE = "/api/courses/{course_id}/shares"
const IMAGE = "/api/images/{image_id}/shares"
const courseAt = (id: string) => ({ path: { course_id: id } })
const imageAt = (id: string) => ({ path: { image_id: id } })

export function sharingOf({ kind, id }: Shared) {
  return {
    queryKey: ["sharing", kind, id],
    queryFn: async (): Promise<Sharing> =>
      answer(
        kind === "course"
          ? http.GET(COURSE, { params: courseAt(id) })
          : http.GET(IMAGE, { params: imageAt(id) }),
      ),
  }
}

async function answer<T>(request: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  const { data, error } = await request
  if (error) throw error
  return data as T
}

export type Act =
  | { act: "give"; body: NewShare }
  | { act: "change"; shareId: string; right: ShareRight }
  | { act: "remove"; shareId: string }
  | { act: "handOver"; shareId: string }

function send({ kind, id }: Shared, act: Act): Promise<Sharing | undefined> {
  const ofCourse = kind === "course"
  if (act.act === "give") {
    const { body } = act
    return answer(
      ofCourse
        ? http.POST(COURSE, { params: courseAt(id), body })
        : http.POST(IMAGE, { params: imageAt(id), body }),
    )
  }
  const course = { path: { course_id: id, share_id: act.shareId } }
  const image = { path: { image_id: id, share_id: act.shareId } }
  switch (act.act) {
    case "change":
      return answer(
        ofCourse
          ? http.PUT(`${COURSE}/{share_id}`, { params: course, body: { right: act.right } })
          : http.PUT(`${IMAGE}/{share_id}`, { params: image, body: { right: act.right } }),
      )
    case "remove":
      return answer(
        ofCourse
          ? http.DELETE(`${COURSE}/{share_id}`, { params: course })
          : http.DELETE(`${IMAGE}/{share_id}`, { params: image }),
      )
    case "handOver":
      return answer(
        ofCourse
          ? http.POST(`${COURSE}/{share_id}/owner`, { params: course })
          : http.POST(`${IMAGE}/{share_id}/owner`, { params: image }),
      )
  }
}

/** Any act about rights; the list, and what the thing itself permits, are read again. */
export function useSharing(shared: Shared) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (act: Act) => send(shared, act),
    onSuccess: (sharing) => {
      const { queryKey } = sharingOf(shared)
      if (sharing) cache.setQueryData(queryKey, sharing)
      else void cache.invalidateQueries({ queryKey })
    },
    onSettled: () =>
      cache.invalidateQueries({
        predicate: ({ queryKey }) => /^\/api\/(courses|images)/.test(String(queryKey[1])),
      }),
  })
}
