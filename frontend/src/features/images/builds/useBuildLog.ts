/** The log of a Build as it is written, each line once, whatever the connection does. */
import { EventSource } from "eventsource"
import { useEffect, useState } from "react"
import { authorizedFetch } from "@/api/client"
import type { LogLine } from "@/api/types"

/** Older lines leave the page, or a long build would make it slow. */
const MOST_LINES = 5_000
const PAINT_EVERY = 120

export function useBuildLog(buildId: string): { lines: string[]; ended: boolean } {
  const [lines, setLines] = useState<string[]>([])
  const [ended, setEnded] = useState(false)

  useEffect(() => {
    setLines([])
    setEnded(false)
    let last = 0
    let fresh: string[] = []
    // A reconnection goes on after the last line that came.
    const source = new EventSource(`/api/builds/${buildId}/log/stream`, {
      fetch: (_, init) =>
        authorizedFetch(`/api/builds/${buildId}/log/stream?after=${last}`, init as RequestInit),
    })
    const paint = () => {
      if (fresh.length === 0) return
      const arrived = fresh
      fresh = []
      setLines((old) => [...old, ...arrived].slice(-MOST_LINES))
    }
    const timer = setInterval(paint, PAINT_EVERY)
    source.addEventListener("line", (event) => {
      const line = JSON.parse(event.data) as LogLine
      if (line.number <= last) return
      last = line.number
      fresh.push(line.text)
    })
    source.addEventListener("end", () => {
      source.close()
      paint()
      setEnded(true)
    })
    return () => {
      clearInterval(timer)
      source.close()
    }
  }, [buildId])

  return { lines, ended }
}
