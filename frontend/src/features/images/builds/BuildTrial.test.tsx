/** Trying a build: the button, the environment beside the log, and a refusal in words. */
import { screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { beforeAll, beforeEach, expect, it } from "vitest"
import { queryClient } from "@/api/client"
import type { BuildStatus } from "@/api/types"
import { startI18n } from "@/lib/i18n"
import { problemEn } from "@/locales/en/problems"
import { builds, trials } from "@/mocks/db"
import { unapproved } from "@/mocks/images/trials"
import { answerWithFakeApi, openPage } from "@/test-page"
import { BuildTrial } from "./BuildTrial"

const build = builds.find(({ phase }) => phase === "succeeded") as BuildStatus
const NAME = "Try this build"

beforeAll(async () => {
  answerWithFakeApi()
  await startI18n()
})

beforeEach(() => {
  queryClient.clear()
  unapproved.clear()
})

function open() {
  openPage(<BuildTrial buildId={build.id} show={({ courseId }) => <p>window of {courseId}</p>} />)
}

it("says why a build cannot be tried, and keeps the button", async () => {
  unapproved.add(build.id)
  open()
  await userEvent.click(await screen.findByRole("button", { name: NAME }))
  await screen.findByText(problemEn.root_not_approved)
  expect(screen.getByRole("button", { name: NAME })).toBeTruthy()
  expect(trials).toHaveLength(0)
})

it("begins a trial and shows its environment", async () => {
  open()
  await screen.findByText(/ends by itself after 30 minutes/)
  await userEvent.click(screen.getByRole("button", { name: NAME }))
  await waitFor(() => expect(trials).toHaveLength(1))
  await screen.findByText(`window of ${trials[0]?.id}`)
  expect(screen.queryByRole("button", { name: NAME })).toBeNull()
})
