/** The server's clock as the page knows it. */
import { useEffect, useState } from "react"

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
