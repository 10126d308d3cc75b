/** The state block says something true and whole in every state, in both languages. */
import i18next from "i18next"
import { beforeAll, expect, describe as group, it } from "vitest"
import type { ReasonCode, StudentWindow, WindowState } from "@/api/types"
import { formatFor } from "@/lib/format"
import { en } from "@/locales/en"
import { fr } from "@/locales/fr"
import { courses } from "@/mocks/db"
import { windowFor } from "@/mocks/environments/windows"
import { reasonSentence } from "@/ui/reasons/reasonSentence"
import { describe, minutesLeft } from "./describe"
import { newest } from "./window"

const now = new Date("2026-03-02T14:00:00Z")

function windowIn(state: WindowState, facts: Partial<StudentWindow> = {}): StudentWindow {
  const course = courses[0]
  if (!course) throw new Error("The fake campus has no course.")
  return { ...windowFor(course), state, now: now.toISOString(), reason: null, ...facts }
}

const reason = (code: ReasonCode, parameters = {}) => ({
  code,
  parameters,
  detail: "",
  reference: "K7F3-9QD2",
})

beforeAll(async () => {
  await i18next.init({
    lng: "en",
    resources: { en: { translation: en }, fr: { translation: fr } },
    interpolation: { escapeValue: false },
  })
})

group.each(["en", "fr"])("in %s", (language) => {
  const say = (window: StudentWindow) =>
    describe(window, now, i18next.getFixedT(language), formatFor(language))

  it("says why a start goes on elsewhere", () => {
    const moving = say(windowIn("starting", { reason: reason("node_drained", { node: "w1" }) }))
    expect(moving.next).toBe(i18next.getFixedT(language)("advice.node_drained_moving"))
    const waits = say(windowIn("queued", { reason: reason("still_ending") }))
    expect(waits.sentence).toBe(i18next.getFixedT(language)("reason.still_ending"))
  })

  const states = Object.keys(en.window.state) as WindowState[]
  it.each(states)("%s has a sentence and says what comes next", (state) => {
    const said = say(windowIn(state, { opens_at: "2026-03-02T14:12:00Z" }))
    expect(said.sentence).toMatch(/[.\u00a0]?$/)
    for (const text of [said.sentence, said.next]) {
      expect(text).not.toMatch(/{{|undefined|window\.|null/)
    }
    if (state !== "failed") expect(said.next).not.toBe("")
  })

  const codes = Object.entries(en.advice)
    .filter(([code, text]) => code in en.reason && typeof text === "string")
    .map(([code]) => code as ReasonCode)
  it.each(codes)("%s is explained, with what to do", (code) => {
    const state = ["no_room", "node_unavailable", "folder_unavailable"].includes(code)
      ? "queued"
      : "failed"
    const said = say(windowIn(state, { reason: reason(code) }))
    expect(said.sentence).not.toMatch(/{{|reason\./)
    expect(said.next).not.toBe("")
  })

  it("names the port that stays silent, and the reference", () => {
    const window = windowIn("failed", { reason: reason("port_silent", { port: 8888 }) })
    expect(say(window).sentence).toContain("8888")
    expect(say(window).reference).toBe("K7F3-9QD2")
  })

  it.each([
    ["nothing_listens", /no program|aucun programme/, /teacher|enseignant/],
    ["loopback_only", /inside|internes/, /0\.0\.0\.0/],
    ["ipv6_only", /IPv6/, /0\.0\.0\.0/],
    ["tls_only", /HTTPS/, /HTTPS/],
    ["no_tls", /HTTPS/, /Web page|Page web/],
    ["unavailable", /503/, /again|recommence/],
    ["other_protocol", /protoco/, /teacher|enseignant/],
    ["no_answer", /answer|répond/, /again|recommence/],
  ])("says of a silent port that %s", (problem, sentence, next) => {
    const said = say(windowIn("failed", { reason: reason("port_silent", { port: 8888, problem }) }))
    expect(said.sentence).toMatch(sentence)
    expect(said.sentence).toContain("8888")
    expect(said.next).toMatch(next)
  })

  it("names the ports that do listen", () => {
    const facts = { port: 8888, problem: "nothing_listens", listens_on: "3000, 5000" }
    const said = say(windowIn("failed", { reason: reason("port_silent", facts) }))
    expect(said.sentence).toContain("3000, 5000")
  })

  it("says that a program ended at once", () => {
    const said = say(windowIn("failed", { reason: reason("ended_by_itself") }))
    expect(said.sentence).toMatch(/ended at once|terminé aussitôt/)
  })

  it.each(["folder_not_writable", "folder_is_file"] as const)("%s names the folder", (code) => {
    const said = say(windowIn("failed", { reason: reason(code, { path: "/home/student/work" }) }))
    expect(said.sentence).toContain("/home/student/work")
  })

  it("says of an environment that wrote too much where, how much, and what is kept", () => {
    const course = windowIn("failed").course
    const sayFull = (parameters: object, savesWork: boolean) =>
      say(
        windowIn("failed", {
          reason: reason("disk_full", { used_mib: 10_752, limit_mib: 10_240, ...parameters }),
          course: { ...course, saves_work: savesWork },
        }),
      )
    const folder = sayFull({ place: "work_folder" }, true)
    expect(folder.sentence).toMatch(/10[.,]5\u00a0Gi[Bo].*10\u00a0Gi[Bo]/)
    expect(folder.next).toMatch(/delete|supprimez/)
    const container = sayFull({ place: "container" }, true)
    expect(container.sentence).toMatch(/10\u00a0Gi[Bo]/)
    expect(container.next).toMatch(/your work folder is kept|dossier de travail est conservé/)
    expect(sayFull({ place: "container" }, false).next).not.toMatch(/folder|dossier/)
    const machine = sayFull({ place: "work_folder", free_mib: 900 }, true)
    expect(machine.sentence).toMatch(/nearly full|presque plein/)
    for (const said of [folder, container, machine]) {
      expect(`${said.sentence} ${said.next}`).not.toMatch(/{{|disk\./)
      expect(said.reference).toBe("K7F3-9QD2")
    }
  })

  it("says how many wait before, and when nothing will ever fit", () => {
    const t = i18next.getFixedT(language)
    expect(reasonSentence(reason("no_room", { waiting_before: 3 }), t)).toContain("3")
    const never = windowIn("queued", { reason: reason("no_room", { fits_nowhere: 1 }) })
    expect(say(never).next).toMatch(/teacher|enseignant/)
    const ports = { short: "ports", fits_nowhere: 1 }
    const tooMany = say(windowIn("queued", { reason: reason("no_room", ports) }))
    expect(`${tooMany.sentence} ${tooMany.next}`).toMatch(/more ports.*fewer|plus de ports.*moins/)
    const full = reasonSentence(reason("no_room", { short: "ports" }), t)
    expect(full).toMatch(/All direct ports|Tous les ports directs/)
    const forNobody = windowIn("queued", {
      reason: reason("node_unavailable", { profile: "compat" }),
    })
    expect(say(forNobody).sentence).toMatch(/rights|droits/)
    expect(say(forNobody).next).toMatch(/teacher|enseignant/)
  })

  it("says that the work folder is on a machine that is away, full, or not of this course", () => {
    const waiting = (code: ReasonCode, parameters: object) =>
      say(windowIn("queued", { reason: reason(code, parameters) }))
    const away = waiting("folder_unavailable", { node: "w1", state: "down" })
    expect(away.sentence).toMatch(/work folder.*not available|dossier.*pas disponible/)
    expect(away.next).toMatch(/when that machine is back|à son retour/)
    const full = waiting("no_room", { short: "cpu", folder_node: "w1", place: 2 })
    expect(full.sentence).toMatch(/work folder is full|dossier de travail est plein/)
    expect(full.next).toMatch(/with your files|avec vos fichiers/)
    const other = waiting("folder_unavailable", { node: "w1", state: "other_pool" })
    expect(other.sentence).toMatch(/no longer uses|n’utilise plus/)
    expect(other.next).toMatch(/files are kept|fichiers sont conservés/)
  })
})

group("in the line", () => {
  const say = (parameters: object) =>
    describe(
      windowIn("queued", { reason: reason("no_room", parameters) }),
      now,
      i18next.getFixedT("en"),
      formatFor("en"),
    ).sentence

  it("the queue position is a number, the estimate only where there is one", () => {
    expect(say({ place: 1 })).toBe("Position in the queue: 1.")
    expect(say({ place: 4, frees_every_seconds: 120 })).toBe(
      "Position in the queue: 4. Usual wait: 2\u00a0min.",
    )
    expect(say({ place: 22 })).toBe("Position in the queue: 22.")
  })

  it("shows the words of whoever stopped it", () => {
    const stopped = windowIn("stopped", {
      reason: reason("stopped_by_editor", { words: "Room <B12> closes." }),
    })
    const said = describe(stopped, now, i18next.getFixedT("en"), formatFor("en")).sentence
    expect(said).toContain("Your teacher stopped it.")
    expect(said).toContain("Room <B12> closes.")
  })
})

group("warnings before the end", () => {
  const ready = (left: number) =>
    windowIn("ready", {
      ends_at: new Date(now.getTime() + left * 60_000).toISOString(),
      warn_at: [5, 1].map((m) => new Date(now.getTime() + (left - m) * 60_000).toISOString()),
    })

  it("come when they are due, and count down", () => {
    expect(minutesLeft(ready(12), now)).toBeNull()
    expect(minutesLeft(ready(5), now)).toBe(5)
    expect(minutesLeft(ready(0.5), now)).toBe(1)
    expect(minutesLeft(ready(-1), now)).toBeNull()
  })
})

group("answers that overtake each other", () => {
  const version = (number: number, at: string) => windowIn("ready", { version: number, now: at })

  it("leave the newest on the page", () => {
    const shown = version(8, "2026-03-02T14:00:01Z")
    expect(newest(shown, version(7, "2026-03-02T14:00:00Z"))).toBe(shown)
    expect(newest(shown, version(9, "2026-03-02T14:00:00Z")).version).toBe(9)
    expect(newest(shown, version(2, "2026-03-02T14:00:09Z")).version).toBe(2)
  })
})
