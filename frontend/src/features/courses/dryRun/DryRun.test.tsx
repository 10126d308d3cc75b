/** A teacher simulates a session and reads when the students would be ready. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { configure, fireEvent, screen, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import axe from "axe-core"
import { useState } from "react"
import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { queryClient } from "@/api/client"
import type { DryRun } from "@/api/types"
import { chooseLanguage, startI18n } from "@/lib/i18n"
import { courses, type KeptCourse } from "@/mocks/db"
import { answerWithFakeApi, openPage } from "@/test-page"
import { courseOf } from "../courses"
import { DryRunPage } from "./DryRunPage"
import { type DryRunSearch, readyOverTime, rowsOf, searchOf } from "./dryRun"

configure({ asyncUtilTimeout: 10_000 })

const course = courses[0] as KeptCourse
const HOUR = 3_600_000
const tomorrow = new Date(Date.now() + 24 * HOUR)
const asked: DryRunSearch = {
  students: 12,
  starts: tomorrow.toISOString(),
  ends: new Date(tomorrow.getTime() + 2 * HOUR).toISOString(),
}

beforeAll(async () => {
  answerWithFakeApi()
  await startI18n()
})

beforeEach(() => queryClient.clear())

function Simulated({ first }: { first: DryRunSearch }) {
  const [search, setSearch] = useState(first)
  const { data } = useSuspenseQuery(courseOf(course.id))
  return <DryRunPage course={data} search={search} onRun={setSearch} />
}

async function simulated(language: "en" | "fr", search: DryRunSearch) {
  await chooseLanguage(language)
  openPage(<Simulated first={search} />)
}

const type = (label: RegExp, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } })

describe("a dry run", () => {
  it("asks nothing until somebody simulates, then says when all are ready", async () => {
    await simulated("en", {})
    expect(await screen.findByRole("button", { name: "Simulate" })).toBeTruthy()
    expect(screen.queryByRole("status")).toBeNull()
    type(/^Students/, "12")
    await userEvent.click(screen.getByRole("button", { name: "Simulate" }))
    expect(await screen.findByText(/All 12 students are ready within 12\s*s/)).toBeTruthy()
    expect(screen.getByText(/median of the last 12 starts/)).toBeTruthy()
  })

  it("says who waits in the queue, with the table behind the picture", async () => {
    await simulated("en", { ...asked, students: 55 })
    expect(await screen.findByText("15 of 55 students wait in the queue")).toBeTruthy()
    expect(screen.getByText("40 students find room at once.")).toBeTruthy()
    await userEvent.click(screen.getByText("Show the table"))
    const rows = within(screen.getByRole("table")).getAllByRole("row")
    expect(rows.some((row) => row.textContent?.includes("1–4"))).toBe(true)
    expect(rows.at(-1)?.textContent).toContain("After the queue")
    const { violations } = await axe.run(document.body, {
      rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    })
    expect(violations).toEqual([])
  })

  it("says in French who is not ready before the end, and why", async () => {
    await simulated("fr", { ...asked, students: 80 })
    const title = "20 étudiants sur 80 ne sont pas prêts avant la fin"
    expect(await screen.findByText(title)).toBeTruthy()
    expect(screen.getByText(/n’ont pas assez de place à ce moment/)).toBeTruthy()
  })

  it("does not simulate the past, nor an end before the start", async () => {
    await simulated("en", {})
    await screen.findByRole("button", { name: "Simulate" })
    type(/^Start/, "2020-01-01T10:00")
    type(/^End/, "2020-01-01T12:00")
    await userEvent.click(screen.getByRole("button", { name: "Simulate" }))
    expect(await screen.findByText("The end must be to come.")).toBeTruthy()
    type(/^Start/, "2090-01-01T12:00")
    type(/^End/, "2090-01-01T10:00")
    await userEvent.click(screen.getByRole("button", { name: "Simulate" }))
    expect(await screen.findByText("The end must come after the start.")).toBeTruthy()
    expect(screen.queryByRole("figure")).toBeNull()
  })
})

describe("the address of a dry run", () => {
  it("keeps what is a value and leaves out the rest", () => {
    expect(searchOf({ ...asked, spread: 5 })).toEqual({ ...asked, spread: 5, session: undefined })
    const nothing = searchOf({
      students: "many",
      starts: "soon",
      ends: 7,
      spread: 999,
      session: "x",
    })
    expect(Object.values(nothing).every((value) => value === undefined)).toBe(true)
  })
})

describe("the picture of a dry run", () => {
  const at = (seconds: number) => new Date(tomorrow.getTime() + seconds * 1000).toISOString()
  const group = (count: number, ready: number, waits = false) => ({
    count,
    waits,
    asked_at: at(0),
    ready_at: at(ready),
  })
  const answer = {
    never: 0,
    ends_at: at(7200),
    groups: [group(3, 10), group(2, 11), group(4, 3600, true)],
  } as DryRun

  it("rises to all who are ready, and never falls", () => {
    const points = readyOverTime(answer)
    expect(points[0]).toEqual({ at: tomorrow.getTime(), ready: 0 })
    expect(points.at(-1)?.ready).toBe(9)
    const ready = points.map((point) => point.ready)
    expect(ready).toEqual([...ready].sort((a, b) => a - b))
    expect(points.find((point) => point.at === new Date(at(10)).getTime())?.ready).toBe(3)
  })

  it("goes on to the end where some are never ready", () => {
    const short = readyOverTime({ ...answer, never: 1 })
    expect(short.at(-1)?.at).toBe(new Date(at(7200)).getTime())
    expect(readyOverTime({ ...answer, groups: [] })).toEqual([])
  })

  it("numbers students in the order in which they are ready", () => {
    expect(rowsOf(answer).map(({ from, to }) => [from, to])).toEqual([
      [1, 3],
      [4, 5],
      [6, 9],
    ])
  })
})
