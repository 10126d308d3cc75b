/** A course from a file: what it would make is shown first, then a draft is made. */
import { screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { beforeAll, beforeEach, expect, it, vi } from "vitest"
import { queryClient } from "@/api/client"
import { startI18n } from "@/lib/i18n"
import { courses } from "@/mocks/db"
import { answerWithFakeApi, openPage } from "@/test-page"
import { ImportCourse } from "./ImportCourse"

vi.mock("@/api/session", async (original) => ({
  ...(await original<typeof import("@/api/session")>()),
  accessToken: async () => "token",
}))

beforeAll(async () => {
  answerWithFakeApi()
  await startI18n()
})
beforeEach(() => queryClient.clear())

async function choose() {
  openPage(<ImportCourse />)
  await screen.findByRole("button", { name: "Choose a file" })
  const input = document.querySelector<HTMLInputElement>("input[type=file]")
  if (!input) throw new Error("no input for files")
  await userEvent.upload(input, new File(["zip"], "databases.course.zip"))
  await screen.findByRole("button", { name: "Import as a draft" })
}

it("says what is taken and what is not given here, and proposes a free title", async () => {
  const before = courses.length
  await choose()
  screen.getByText(/You already have a course named/)
  screen.getByText("Kind of machine “gpu-a100”")
  expect(screen.getByRole("textbox", { name: "Title" })).toHaveProperty(
    "value",
    "Introduction to databases (2)",
  )
  screen.getByText(/6 sessions within 36 days/)
  expect(screen.queryByText(/other-school/)).toBeNull()
  await userEvent.click(screen.getByRole("radio", { name: /Make a new image/ }))
  screen.getByText(/registry.other-school.example/)
  expect(courses.length).toBe(before)
})

it("makes a draft with its sessions and leads to it", async () => {
  const before = courses.length
  await choose()
  await userEvent.type(screen.getByLabelText(/First day/), "11/01/2027")
  await userEvent.click(screen.getByRole("button", { name: "Import as a draft" }))
  await screen.findByText(/is a draft of yours/)
  screen.getByText(/6 sessions are planned/)
  expect(courses.length).toBe(before + 1)
  const link = screen.getByRole("link", { name: "Open the course" })
  expect(link.getAttribute("href")).toBe(`/dashboard/courses/${courses[0]?.id}`)
  await waitFor(() => expect(document.activeElement?.textContent).toContain("Imported"))
})

it("needs a title", async () => {
  await choose()
  await userEvent.clear(screen.getByRole("textbox", { name: "Title" }))
  expect(screen.getByRole("button", { name: "Import as a draft" })).toHaveProperty("disabled", true)
})
