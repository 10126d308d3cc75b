/** The streams of events and of a build's log for working on the page. */
import { HttpResponse, http } from "msw"
import type { BuildStatus } from "@/api/types"
import { missing } from "./answers"
import { buildOf } from "./db"
import { isOver, logOf } from "./fakeBuilds"
import { listeners } from "./starts"

type Send = (event: string, data: object) => void

function stream(request: Request, begin: (send: Send) => () => void): HttpResponse<BodyInit> {
  const text = new TextEncoder()
  const body = new ReadableStream({
    start(controller) {
      const stop = begin((event, data) =>
        controller.enqueue(text.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)),
      )
      controller.enqueue(text.encode(": hello\n\n"))
      request.signal.addEventListener("abort", () => stop())
    },
  })
  return new HttpResponse(body, { headers: { "content-type": "text/event-stream" } })
}

function follow(build: BuildStatus, after: number, send: Send): () => void {
  let sent = after
  const timer = setInterval(() => {
    for (const line of logOf(build).slice(sent)) {
      send("line", line)
      sent = line.number
    }
    if (isOver(build)) {
      send("end", {})
      clearInterval(timer)
    }
  }, 200)
  return () => clearInterval(timer)
}

export const streamHandlers = [
  http.get("/api/events", ({ request }) =>
    stream(request, (send) => {
      listeners.add(send)
      return () => listeners.delete(send)
    }),
  ),
  http.get("/api/builds/:id/log/stream", ({ params, request }) => {
    const build = buildOf(params.id)
    if (!build) return missing()
    const after = Number(new URL(request.url).searchParams.get("after") ?? 0)
    return stream(request, (send) => follow(build, after, send))
  }),
]
