/** Join links as data, and where the path behind a code leads. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, http } from "@/api/client"

const LINK = "/api/courses/{course_id}/join-link"

export function joinLinkOf(courseId: string) {
  return api.queryOptions("get", LINK, { params: { path: { course_id: courseId } } })
}

export type Terms = { expires_at: string | null; max_people: number | null }
export type LinkChange = { kind: "put"; terms: Terms } | { kind: "renew" } | { kind: "revoke" }

export function useLinkChange(courseId: string) {
  const cache = useQueryClient()
  const params = { path: { course_id: courseId } }
  return useMutation({
    mutationFn: async (change: LinkChange) => {
      const { error } =
        change.kind === "put"
          ? await http.PUT(LINK, { params, body: change.terms })
          : change.kind === "renew"
            ? await http.POST("/api/courses/{course_id}/join-link/renew", { params })
            : await http.DELETE(LINK, { params })
      if (error) throw error
    },
    onSettled: () => cache.invalidateQueries({ queryKey: joinLinkOf(courseId).queryKey }),
  })
}

export async function joinByCode(code: string) {
  const { data, error } = await http.POST("/api/join", { body: { code } })
  if (!data) throw error
  return data
}

/**
 * The code of an address and the page that it leads to: `CODE`, `CODE/user-redirect/<path>`, or
 * `CODE/hub/user-redirect/<path>` as links made for JupyterHub have it; the query goes along.
 */
export function readJoinPath(rest: string, query: string): { code: string; open?: string } {
  const [code = "", ...parts] = rest.split("/")
  if (parts[0] === "hub") parts.shift()
  if (parts.shift() !== "user-redirect") return { code }
  return { code, open: `/${parts.join("/")}${query}` }
}
