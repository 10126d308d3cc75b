/** Whether the dashboard has anything for somebody; the server decides about each part of it. */
import type { components } from "@/api/schema"

type Me = Pick<components["schemas"]["Me"], "can" | "contexts">

export function hasSomeRight({ can, contexts }: Me): boolean {
  return can.length > 0 || contexts.some(({ role }) => role === "teacher" || role === "assistant")
}
