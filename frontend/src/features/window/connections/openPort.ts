/** Opens a web port of one's own environment in a new tab. */
import { http } from "@/api/client"
import { ProblemError } from "@/api/problems"
import type { ShownLink } from "@/api/types"
import { openHere, openTab } from "@/lib/openTab"

export function openPort(courseId: string, port: number, waiting: string): Promise<void> {
  return openTab(waiting, () => ticketFor(courseId, port))
}

/** Leaves the window for a page of the environment. */
export function openPortHere(courseId: string, port: number, path: string): Promise<void> {
  return openHere(() => ticketFor(courseId, port), path)
}

/** A teacher's link: a page in a new tab, or an address that a program of the person's opens. */
export async function openLink(
  courseId: string,
  link: ShownLink,
  userRedirect: string,
  waiting: string,
): Promise<void> {
  const ask = () => addressOf(courseId, link.index, userRedirect)
  if (link.scheme === "http" || link.scheme === "https") return openTab(waiting, ask)
  window.location.assign((await ask()).url)
}

async function addressOf(courseId: string, index: number, userRedirect: string) {
  const { data, error } = await http.POST(
    "/api/courses/{course_id}/environment/links/{index}/open",
    { params: { path: { course_id: courseId, index } }, body: { user_redirect: userRedirect } },
  )
  if (!data) throw error ?? new ProblemError({ code: "network", status: 0, title: "" })
  return data
}

async function ticketFor(courseId: string, port: number) {
  const { data, error } = await http.POST(
    "/api/courses/{course_id}/environment/ports/{number}/open",
    { params: { path: { course_id: courseId, number: port } } },
  )
  if (!data) throw error ?? new ProblemError({ code: "network", status: 0, title: "" })
  return data
}
