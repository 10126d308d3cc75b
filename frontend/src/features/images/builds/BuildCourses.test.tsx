/** Builds beside each other, and courses that move to another build. */
import { screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { beforeAll, beforeEach, expect, it } from "vitest"
import { queryClient } from "@/api/client"
import type { BuildStatus } from "@/api/types"
import { startI18n } from "@/lib/i18n"
import { builds, courses } from "@/mocks/db"
import { answerWithFakeApi, openPage } from "@/test-page"
import { BuildCompare } from "./BuildCompare"
import { BuildCourses } from "./BuildCourses"

const image = courses[0]?.image?.image_id
const [first, second] = builds
  .filter((build) => build.image_id === image)
  .sort((a, b) => a.number - b.number) as [BuildStatus, BuildStatus]
let sent: ReturnType<typeof answerWithFakeApi>

beforeAll(async () => {
  sent = answerWithFakeApi()
  await startI18n()
})

beforeEach(() => queryClient.clear())

it("names the courses of a build and moves the others, but for those unchecked", async () => {
  const using = courses.filter((course) => course.image?.image_id === image)
  const stays = using[0]
  expect(using.length).toBeGreaterThan(1)
  for (const course of using) {
    if (course.image) Object.assign(course.image, { build_id: second.id, build_number: 2 })
  }
  openPage(<BuildCourses build={first} />)
  const boxes = await screen.findAllByRole("checkbox")
  expect(boxes).toHaveLength(using.length)
  await userEvent.click(screen.getByRole("checkbox", { name: new RegExp(stays?.title ?? "") }))
  await userEvent.click(screen.getByRole("button", { name: /^Use build/ }))
  await screen.findByText(/The courses use this build/)
  const moved = using.slice(1).map(({ id }) => id)
  expect(sent.at(-1)?.body).toEqual({ course_ids: moved })
  await waitFor(() => expect(screen.getAllByRole("checkbox")).toHaveLength(1))
})

it("shows the line that differs, and that the start scripts are alike", async () => {
  openPage(<BuildCompare build={second} />)
  await userEvent.click(await screen.findByRole("combobox", { name: "Compare with" }))
  await userEvent.click(await screen.findByRole("option", { name: /Build 1/ }))
  const difference = await screen.findByRole("region", { name: "Dockerfile" })
  expect(difference.textContent).toContain("-RUN echo before && ")
  await screen.findByText("No difference.")
})
