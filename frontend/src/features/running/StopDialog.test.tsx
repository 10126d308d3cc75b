/** A stop names its owner and goes to the api with the message. */
import { MantineProvider } from "@mantine/core"
import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import { render, screen } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { beforeAll, expect, it, vi } from "vitest"
import type { EnvironmentEntry } from "@/api/types"
import { startI18n } from "@/lib/i18n"
import { theme } from "@/theme/theme"
import { StopDialog } from "./StopDialog"

const post = vi.fn(async (_path: string, _options: object) => ({ error: undefined }))
vi.mock("@/api/client", async (original) => ({
  ...(await original<typeof import("@/api/client")>()),
  http: { POST: (path: string, options: object) => post(path, options) },
}))

const ENTRY: EnvironmentEntry = {
  id: "00000000-0000-4000-8000-000000000001",
  course: { id: "00000000-0000-4000-8000-000000000002", title: "SSH & TLS" },
  owner: { id: "00000000-0000-4000-8000-000000000003", name: "Ada" },
  username: "ada",
  phase: "ready",
  step: null,
  since: "2026-11-29T08:00:00Z",
  asked_at: "2026-11-29T08:00:00Z",
  ready_at: null,
  ends_at: null,
  node: "server-1",
  pool: "default",
  resources: null,
  reason: null,
  restarts: 0,
}

beforeAll(startI18n)

it("stops one person's environment with a message", async () => {
  const closed = vi.fn()
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MantineProvider theme={theme} env="test">
        <StopDialog entry={ENTRY} onClose={closed} />
      </MantineProvider>
    </QueryClientProvider>,
  )
  const user = userEvent.setup()
  const dialog = await screen.findByRole("dialog", { name: "Stop the environment of Ada?" })
  expect(dialog.textContent).toContain("SSH & TLS")
  await user.type(screen.getByLabelText("Message"), "Maintenance.")
  await user.click(screen.getByRole("button", { name: "Stop the environment" }))
  expect(post).toHaveBeenCalledWith("/api/courses/{course_id}/environments/stop", {
    params: { path: { course_id: ENTRY.course.id } },
    body: { people: [ENTRY.owner.id], words: "Maintenance." },
  })
  expect(closed).toHaveBeenCalled()
})
