/** What the platform's page keeps for us where the browser keeps no cookie (1EdTech, lti-pm-s). */

const WAIT = 1000

type StorageAddress = Record<string, string | number | null>

/** The proof kept at `address`, which the gateway named; empty when nobody gives it. */
export function storedProof(address: StorageAddress): Promise<string> {
  const { frame, origin, key } = address
  const keeper = typeof frame === "string" ? frameNamed(frame) : null
  if (!keeper || typeof origin !== "string") return Promise.resolve("")
  return new Promise((resolve) => {
    const subject = "lti.get_data"
    const message_id = crypto.randomUUID()
    const done = (value: unknown) => {
      window.removeEventListener("message", receive)
      window.clearTimeout(timer)
      resolve(typeof value === "string" ? value : "")
    }
    const receive = (event: MessageEvent) => {
      const said: unknown = event.data
      if (event.origin !== origin || typeof said !== "object" || said === null) return
      const answer = said as Record<string, unknown>
      if (answer.subject !== `${subject}.response` || answer.message_id !== message_id) return
      done(answer.error ? "" : answer.value)
    }
    const timer = window.setTimeout(done, WAIT, "")
    window.addEventListener("message", receive)
    keeper.postMessage({ subject, message_id, key }, origin)
  })
}

function frameNamed(name: string): Window | null {
  const home: Window | null = window.parent !== window ? window.parent : window.opener
  if (!home || name === "_parent") return home
  try {
    return (home.frames as unknown as Record<string, Window | undefined>)[name] ?? null
  } catch {
    return null // the platform's page is another site's: it names its frames, or nothing
  }
}
