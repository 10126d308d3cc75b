/** The streams of events and of a build's log for working on the page. */
import { HttpResponse } from "msw"
import type { BuildStatus } from "@/api/types"
import { missing } from "./answers"
import { buildOf } from "./db"
import { listeners } from "./environments/starts"
import { fake } from "./fake"
import { isOver, logOf } from "./images/fakeBuilds"

type Send = (event: string, data: object) => void

function stream(
  request: Pick<Request, "signal">,
  begin: (send: Send) => () => void,
): HttpResponse<string> {
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
  const headers = { "content-type": "text/event-stream" }
  // Described as text: what the stream carries.
  return new HttpResponse<BodyInit>(body, { headers }) as HttpResponse<string>
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
  fake.get("/api/events", ({ request }) =>
    stream(request, (send) => {
      listeners.add(send)
      return () => listeners.delete(send)
    }),
  ),
  fake.get("/api/builds/{build_id}/log/stream", ({ params, request }) => {
    const build = buildOf(params.build_id)
    if (!build) return missing()
    const after = Number(new URL(request.url).searchParams.get("after") ?? 0)
    return stream(request, (send) => follow(build, after, send))
  }),
]
