/** When something happened, in words; exactly on hover. */
import { useFormat } from "@/lib/format"

export function Ago({ at, now }: { at: string; now: Date }) {
  const format = useFormat()
  const moment = new Date(at)
  return <span title={format.exact(moment)}>{format.fromNow(moment, now)}</span>
}
