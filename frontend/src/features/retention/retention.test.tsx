/** What people read and decide about the end of work folders, against the fake api. */
import { screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { beforeAll, beforeEach, expect, it } from "vitest"
import { queryClient } from "@/api/client"
import { startI18n } from "@/lib/i18n"
import { uuid } from "@/mocks/db"
import { answerWithFakeApi, openPage, type Sent } from "@/test-page"
import { CourseFoldersNotice } from "./CourseFoldersNotice"
import { FoldersPage } from "./FoldersPage"
import { MyFolderNotices } from "./MyFolderNotices"
import { WhatGoes } from "./WhatGoes"

let sent: Sent[] = []

beforeAll(async () => {
  await startI18n()
})

beforeEach(() => {
  queryClient.clear()
  sent = answerWithFakeApi()
})

it("tells a student which folder goes, and of no other", async () => {
  openPage(<MyFolderNotices />)
  expect(await screen.findByText(/“Statistics with Python” will be erased on/)).toBeTruthy()
  expect(screen.queryByText(/first year/)).toBeNull()
})

it("says before a deletion how many folders of how many people go", async () => {
  openPage(<WhatGoes courseId={uuid(1, 9)} />)
  expect(await screen.findByText(/24 work folders of 24 people/)).toBeTruthy()
  expect(screen.getByText(/the sizes of 2 are not known/)).toBeTruthy()
  expect(screen.getByText(/Until then you can undo it/)).toBeTruthy()
})

it("lets a teacher postpone to a day within a year", async () => {
  const user = userEvent.setup()
  openPage(<CourseFoldersNotice courseId={uuid(1, 1)} />)
  await user.click(await screen.findByRole("button", { name: /^Keep longer/ }))
  const dialog = await screen.findByRole("dialog")
  const day = within(dialog).getByLabelText(/Keep at least until/)
  await user.clear(day)
  await user.type(day, "2001-01-01")
  expect(within(dialog).getByText(/Choose a day from tomorrow/)).toBeTruthy()
  const confirm = within(dialog).getByRole<HTMLButtonElement>("button", { name: "Keep" })
  expect(confirm.disabled).toBe(true)
  await user.clear(day)
  const later = new Date(Date.now() + 200 * 86_400_000).toISOString().slice(0, 10)
  await user.type(day, later)
  await user.click(confirm)
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(JSON.stringify(sent[0]?.body)).toContain(later)
})

it("undoes a deletion", async () => {
  const user = userEvent.setup()
  openPage(<CourseFoldersNotice courseId={uuid(1, 4)} />)
  await user.click(await screen.findByRole("button", { name: "Undo the deletion" }))
  await waitFor(() => expect(sent[0]?.method).toBe("DELETE"))
})

it("erases a volume of nobody after a question", async () => {
  const user = userEvent.setup()
  openPage(<FoldersPage filter={{}} onFilter={() => {}} />)
  await user.click(await screen.findByRole("button", { name: "Search the machines" }))
  expect(await screen.findByText(/could not be asked/)).toBeTruthy()
  await user.click(await screen.findByRole("button", { name: "Erase the volume work-0f3c9b1a" }))
  const dialog = await screen.findByRole("dialog")
  expect(within(dialog).getByText(/on worker-1 are erased/)).toBeTruthy()
  await user.click(within(dialog).getByRole("button", { name: "Erase" }))
  expect(await screen.findByText("work-77aa01d4")).toBeTruthy()
  expect(await screen.findByText(/Tried 3 times/)).toBeTruthy()
})
