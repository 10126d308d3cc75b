/** A teacher types a session and reads at once whether there is room for it. */

import { useSuspenseQuery } from "@tanstack/react-query"
import { configure, fireEvent, screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import axe from "axe-core"
import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { queryClient } from "@/api/client"
import { chooseLanguage, startI18n } from "@/lib/i18n"
import { courses, type KeptCourse } from "@/mocks/db"
import { answerWithFakeApi, openPage } from "@/test-page"
import { readMoment } from "@/ui/fields/moment/momentText"
import { courseOf } from "../courses"
import { Sessions } from "./Sessions"

configure({ asyncUtilTimeout: 10_000 })

const course = courses[0] as KeptCourse
const AS_IT_WAS = structuredClone(course)

beforeAll(async () => {
  answerWithFakeApi()
  await startI18n()
})

beforeEach(() => {
  Object.assign(course, structuredClone(AS_IT_WAS))
  queryClient.clear()
})

function Planned() {
  return <Sessions course={useSuspenseQuery(courseOf(course.id)).data} page={1} onPage={() => {}} />
}

async function planned(language: "en" | "fr", add: string) {
  await chooseLanguage(language)
  openPage(<Planned />)
  await userEvent.click(await screen.findByRole("button", { name: add }))
  return within(await screen.findByRole("dialog"))
}

const students = (dialog: ReturnType<typeof within>, value: string) =>
  fireEvent.change(dialog.getByLabelText(/^(Students|Étudiants)/), { target: { value } })

describe("room for a session", () => {
  it("is said while somebody types, and a tight one says what must be added", async () => {
    const dialog = await planned("en", "Add a session")
    expect(await dialog.findByText("Free")).toBeTruthy()
    students(dialog, "55")
    expect(await dialog.findByText("Tight")).toBeTruthy()
    expect(dialog.getByText(/40 of 55 students fit at once.*2 machines must be added/)).toBeTruthy()
    expect(dialog.getByRole("button", { name: "Save" })).toBeTruthy()
    const { violations } = await axe.run(screen.getByRole("dialog"), {
      rules: { "color-contrast": { enabled: false } },
    })
    expect(violations).toEqual([])
  })

  it("is requested where there is none, and shown in the list", async () => {
    const dialog = await planned("en", "Add a session")
    students(dialog, "80")
    await userEvent.click(await dialog.findByRole("button", { name: "Save and ask for room" }))
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull())
    expect(await screen.findByText("Room requested")).toBeTruthy()
  })

  it("offers free slots that fill the form, in French too", async () => {
    const dialog = await planned("fr", "Ajouter une séance")
    students(dialog, "80")
    expect(await dialog.findByText("Pas assez de place à ce moment")).toBeTruthy()
    const starts = dialog.getByLabelText(/^Début/) as HTMLInputElement
    const shown = () => new Date(readMoment(starts.value, "minute") ?? "").getTime()
    const before = shown()
    const [first] = await dialog.findAllByRole("button", { name: /^Prendre/ })
    await userEvent.click(first as HTMLElement)
    expect(shown() - before).toBe(2 * 3_600_000)
  })

  it("is not asked for while the form says nothing whole", async () => {
    const dialog = await planned("en", "Add a session")
    expect(await dialog.findByText("Free")).toBeTruthy()
    students(dialog, "")
    await waitFor(() => expect(dialog.queryByText("Free")).toBeNull())
  })
})
