/** The server's clock as the page knows it. */
import { useEffect, useState, useSyncExternalStore } from "react"

/** Milliseconds to add to this machine's clock; classroom machines are often minutes off. */
export function clockOffset(serverNow: string, receivedAt: number): number {
  return new Date(serverNow).getTime() - receivedAt
}

/** Now by the server's clock, moving every `every` milliseconds while `running`. */
export function useServerNow(offset: number, running: boolean, every = 1000): Date {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    setNow(Date.now())
    if (!running) return
    const timer = setInterval(() => setNow(Date.now()), every)
    return () => clearInterval(timer)
  }, [running, every])
  return new Date(now + offset)
}

/** Milliseconds between two steps of the coarse clock. */
const COARSE = 10_000
const coarseWatchers = new Set<() => void>()
let coarseTimer: ReturnType<typeof setInterval> | null = null

/** Now by this machine, every ten seconds: one timer for the hundreds of durations of a list. */
export function useCoarseNow(): number {
  return useSyncExternalStore(watchCoarse, () => Math.floor(Date.now() / COARSE) * COARSE)
}

function watchCoarse(watcher: () => void): () => void {
  coarseWatchers.add(watcher)
  coarseTimer ??= setInterval(() => {
    for (const known of coarseWatchers) known()
  }, COARSE)
  return () => {
    coarseWatchers.delete(watcher)
    if (coarseWatchers.size > 0 || coarseTimer === null) return
    clearInterval(coarseTimer)
    coarseTimer = null
  }
}
