/** A score names its column: the activity the person entered by, asked where there are several. */
import { MantineProvider } from "@mantine/core"
import { QueryClientProvider } from "@tanstack/react-query"
import { render, screen } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { HttpResponse, http } from "msw"
import { setupServer } from "msw/node"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { queryClient } from "@/api/client"
import { startI18n } from "@/lib/i18n"
import { handlers } from "@/mocks/handlers"
import { theme } from "@/theme/theme"
import { ScoreDialog } from "./ScoreDialog"

const sent: unknown[] = []
const server = setupServer(
  http.put("/api/courses/:course/people/:user/score", async ({ request }) => {
    sent.push(await request.json())
    return HttpResponse.json({}, { status: 202 })
  }),
  ...handlers,
)

beforeAll(async () => {
  server.listen()
  await startI18n()
})
afterEach(() => sent.splice(0))
afterAll(() => server.close())

function activity(id: string, title: string | null) {
  return {
    resource_link_id: id,
    title,
    context_title: "Databases",
    entered_at: "2026-11-28T10:00:00Z",
  }
}

function show(activities: ReturnType<typeof activity>[]) {
  const onClose = vi.fn()
  render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queryClient}>
        <ScoreDialog courseId="c" userId="u" name="Ada" activities={activities} onClose={onClose} />
      </QueryClientProvider>
    </MantineProvider>,
  )
  return onClose
}

describe("sending a score", () => {
  it("names the one column it goes to", async () => {
    const onClose = show([activity("l1", "Lab 1")])
    expect(await screen.findByText(/column of the activity “Lab 1”/)).toBeTruthy()
    await userEvent.click(screen.getByRole("button", { name: "Send" }))
    await vi.waitFor(() => expect(onClose).toHaveBeenCalled())
    expect(sent).toMatchObject([{ resource_link_id: "l1", given: null }])
  })

  it("asks where the person entered by several, and sends nothing before", async () => {
    const onClose = show([activity("l1", "Lab 1"), activity("l2", null)])
    const send = await screen.findByRole<HTMLButtonElement>("button", { name: "Send" })
    expect(send.disabled).toBe(true)
    await userEvent.click(screen.getByRole("radio", { name: /activity without a name/ }))
    await userEvent.click(send)
    await vi.waitFor(() => expect(onClose).toHaveBeenCalled())
    expect(sent).toMatchObject([{ resource_link_id: "l2" }])
  })
})
