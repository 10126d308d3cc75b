/** Service accounts: created with rights, disabled after a question, given a token of their own. */
import { MantineProvider } from "@mantine/core"
import { QueryClientProvider } from "@tanstack/react-query"
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router"
import { render, screen, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { setupServer } from "msw/node"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { queryClient } from "@/api/client"
import { startI18n } from "@/lib/i18n"
import { uuid } from "@/mocks/db"
import { handlers } from "@/mocks/handlers"
import { theme } from "@/theme/theme"
import { ServiceAccountList } from "./ServiceAccountList"
import { ServiceAccountPage } from "./ServiceAccountPage"

const server = setupServer(...handlers)

beforeAll(async () => {
  vi.stubGlobal("scrollTo", () => {})
  server.listen()
  await startI18n()
})
afterAll(() => server.close())

async function show(what: React.ReactNode): Promise<void> {
  queryClient.clear()
  const router = createRouter({
    routeTree: createRootRoute({ component: () => what, notFoundComponent: () => null }),
    history: createMemoryHistory({ initialEntries: ["/"] }),
  })
  render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </MantineProvider>,
  )
  await router.load()
}

describe("the list", () => {
  it("creates an account with its rights", async () => {
    await show(<ServiceAccountList filter={{}} onFilter={() => {}} />)
    await userEvent.click(await screen.findByRole("button", { name: "Create a service account" }))
    const dialog = within(await screen.findByRole("dialog"))
    await userEvent.click(dialog.getByRole("button", { name: "Create the account" }))
    expect(dialog.getByText("Give the account a name.")).toBeTruthy()
    await userEvent.type(dialog.getByRole("textbox", { name: /Name/ }), "Grades")
    await userEvent.click(dialog.getByRole("checkbox", { name: "Build images" }))
    await userEvent.click(dialog.getByRole("button", { name: "Create the account" }))
    const row = await screen.findByRole("row", { name: /Grades/ })
    expect(row.textContent).toContain("Build images")
  })

  it("says for which account nobody answers", async () => {
    await show(<ServiceAccountList filter={{ search: "Dashboard" }} onFilter={() => {}} />)
    const row = await screen.findByRole("row", { name: /Dashboard of the IT department/ })
    expect(row.textContent).toContain("No owner")
  })
})

describe("the page of an account", () => {
  it("disables it after a question", async () => {
    await show(<ServiceAccountPage accountId={uuid(14, 1)} />)
    await userEvent.click(await screen.findByRole("button", { name: "Disable" }))
    const dialog = within(await screen.findByRole("dialog"))
    expect(dialog.getByText(/All its tokens are refused at once/)).toBeTruthy()
    await userEvent.click(dialog.getByRole("button", { name: "Disable" }))
    expect(await screen.findByRole("button", { name: "Enable" })).toBeTruthy()
  })

  it("is taken over by another operator", async () => {
    await show(<ServiceAccountPage accountId={uuid(14, 2)} />)
    expect(await screen.findByText(/Its owner is no longer an operator/)).toBeTruthy()
    await userEvent.click(screen.getByRole("button", { name: "Take over" }))
    const dialog = within(await screen.findByRole("dialog"))
    await userEvent.click(dialog.getByRole("button", { name: "Take over" }))
    expect(await screen.findByText(/Claire Fontaine answers for it/)).toBeTruthy()
  })

  it("shows the secret of a new token", async () => {
    await show(<ServiceAccountPage accountId={uuid(14, 3)} />)
    const form = within(await screen.findByRole("region", { name: "Create a token" }))
    await userEvent.type(form.getByRole("textbox", { name: /Name/ }), "CI")
    await userEvent.selectOptions(form.getByRole("combobox", { name: "Courses" }), "read")
    await userEvent.click(form.getByRole("button", { name: "Create the token" }))
    expect(await screen.findByText(/^mydocker_pat_/)).toBeTruthy()
    expect(await screen.findByRole("row", { name: /CI/ })).toBeTruthy()
  })
})
