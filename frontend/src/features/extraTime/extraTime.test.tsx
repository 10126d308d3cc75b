/** Extra time is granted with its measure, seen with who granted it, and taken back. */
import { MantineProvider } from "@mantine/core"
import { QueryClientProvider } from "@tanstack/react-query"
import { render, screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { getResponse } from "msw"
import { beforeAll, beforeEach, expect, it, vi } from "vitest"
import { queryClient } from "@/api/client"
import { startI18n } from "@/lib/i18n"
import { uuid } from "@/mocks/db"
import { handlers } from "@/mocks/handlers"
import { theme } from "@/theme/theme"
import { ExtraTimeDialog } from "./ExtraTimeDialog"
import { isAmount } from "./extraTime"

const COURSE = uuid(1, 1)
const HUGO = { id: uuid(9, 7), name: "Hugo Benali" }
const PATIENCE = { timeout: 20_000 }
const asked: { method: string; body: unknown }[] = []

beforeAll(async () => {
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(
      typeof input === "string" ? new URL(input, location.href) : input,
      init,
    )
    if (request.method !== "GET" && request.url.includes("/extra-time")) {
      const text = await request.clone().text()
      asked.push({ method: request.method, body: text ? JSON.parse(text) : null })
    }
    return (await getResponse(handlers, request)) ?? new Response(null, { status: 404 })
  })
  await startI18n()
})

beforeEach(() => {
  asked.length = 0
  queryClient.clear()
})

function show(person?: typeof HUGO) {
  const onClose = vi.fn()
  render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queryClient}>
        <ExtraTimeDialog courseId={COURSE} person={person} onClose={onClose} />
      </QueryClientProvider>
    </MantineProvider>,
  )
  return onClose
}

it("takes whole numbers within a day, or twice the session", () => {
  expect([1, 1440].every((amount) => isAmount(amount, "minutes"))).toBe(true)
  expect([0, 1441, 1.5, "", "x"].some((amount) => isAmount(amount, "minutes"))).toBe(false)
  expect(isAmount(200, "percent")).toBe(true)
  expect(isAmount(201, "percent")).toBe(false)
})

it("grants a share of every session to one person", async () => {
  const onClose = show(HUGO)
  const grant = await screen.findByRole("button", { name: "Grant" }, PATIENCE)
  await userEvent.click(grant)
  await waitFor(() => expect(onClose).toHaveBeenCalled(), PATIENCE)
  expect(asked).toEqual([
    { method: "POST", body: { user_id: HUGO.id, session_id: null, percent: 33 } },
  ])
})

it("grants minutes of one session to everybody, and says what is wrong before", async () => {
  const onClose = show()
  const field = await screen.findByRole("textbox", { name: "Extra time" }, PATIENCE)
  await userEvent.clear(field)
  await userEvent.type(field, "1500")
  screen.getByText("A whole number from 1 to 1,440.")
  expect(screen.getByRole("button", { name: "Grant" })).toHaveProperty("disabled", true)
  await userEvent.clear(field)
  await userEvent.type(field, "15")
  const sessions = screen.getByRole("combobox", { name: "Sessions" })
  await waitFor(() => expect(within(sessions).getAllByRole("option").length).toBeGreaterThan(1))
  const [, first] = within(sessions).getAllByRole("option") as HTMLOptionElement[]
  await userEvent.selectOptions(sessions, first?.value ?? "")
  await userEvent.click(screen.getByRole("button", { name: "Grant" }))
  await waitFor(() => expect(onClose).toHaveBeenCalled(), PATIENCE)
  expect(asked).toEqual([
    { method: "POST", body: { user_id: null, session_id: first?.value, minutes: 15 } },
  ])
})

it("shows who granted what, and takes it back", async () => {
  show(HUGO)
  const granted = await screen.findByRole("list", { name: "Extra time granted" }, PATIENCE)
  expect(within(granted).getAllByText(/By Grace Hopper/).length).toBeGreaterThan(0)
  const before = within(granted).getAllByRole("listitem").length
  const [button] = within(granted).getAllByRole("button", { name: /^Withdraw/ })
  await userEvent.click(button as HTMLElement)
  await waitFor(() => expect(screen.queryAllByRole("listitem").length).toBe(before - 1), PATIENCE)
  expect(asked.map(({ method }) => method)).toEqual(["DELETE"])
})
