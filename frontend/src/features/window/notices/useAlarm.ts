/** Warnings beyond the page: the browser's notification and a short sound, as the Course sets. */
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import type { StudentWindow } from "@/api/types"
import { useFormat } from "@/lib/format"
import { remember, remembered } from "@/lib/storage"

const ASKED = "alarm.asked"
const LONGEST_TIMER = 2 ** 31 - 1

type Alarm = { mayAsk: boolean; answer: (yes: boolean) => void }

/** Sounds at each warning time that is still to come; asks for the right to notify at most once. */
export function useAlarm(window: StudentWindow, offset: number): Alarm {
  const { t } = useTranslation()
  const format = useFormat()
  const [asked, setAsked] = useState(() => remembered(ASKED) !== null)
  const { notify, sound } = window.lease
  const saves = window.course.saves_work
  const live = window.state === "ready" && window.ends_at
  const moments = live ? window.warn_at.join() : ""
  const endsAt = window.ends_at
  // biome-ignore lint/correctness/useExhaustiveDependencies: words and formats change with the language alone
  useEffect(() => {
    const timers = moments
      .split(",")
      .filter(Boolean)
      .map((at) => new Date(at).getTime() - (Date.now() + offset))
      .filter((wait) => wait > 0 && wait < LONGEST_TIMER)
      .map((wait) =>
        setTimeout(() => {
          const left = new Date(endsAt ?? 0).getTime() - (Date.now() + offset)
          const body = saves ? t("window.endingKept") : t("window.endingLost")
          if (notify) show(t("lease.alarmTitle", { time: format.duration(left) }), body)
          if (sound) beep()
        }, wait),
      )
    return () => timers.forEach(clearTimeout)
  }, [moments, endsAt, offset, notify, sound, saves])
  const answer = (yes: boolean) => {
    remember(ASKED, yes ? "yes" : "no")
    setAsked(true)
    if (yes) void Notification.requestPermission().catch(() => undefined)
  }
  return { mayAsk: Boolean(live && notify && !asked && permission() === "default"), answer }
}

function permission(): string {
  return "Notification" in globalThis ? Notification.permission : "denied"
}

function show(title: string, body: string): void {
  if (permission() !== "granted") return
  try {
    new Notification(title, { body, tag: "mydocker-ending" })
  } catch {
    // Some browsers only allow it to service workers; the page warns anyway.
  }
}

/** Two soft tones, half a second; silent where the browser wants a gesture first. */
function beep(): void {
  if (!("AudioContext" in globalThis)) return
  const audio = new AudioContext()
  const gain = audio.createGain()
  gain.gain.value = 0.08
  gain.connect(audio.destination)
  for (const [pitch, at] of [
    [660, 0],
    [880, 0.22],
  ] as const) {
    const tone = audio.createOscillator()
    tone.frequency.value = pitch
    tone.connect(gain)
    tone.start(audio.currentTime + at)
    tone.stop(audio.currentTime + at + 0.18)
  }
  setTimeout(() => void audio.close().catch(() => undefined), 1_000)
}
