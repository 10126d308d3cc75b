/** Files are put into the work folder and deleted there, by the page. */
import { MantineProvider } from "@mantine/core"
import { QueryClientProvider } from "@tanstack/react-query"
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router"
import { render, screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { setupServer } from "msw/node"
import { afterAll, beforeAll, expect, it, vi } from "vitest"
import { queryClient } from "@/api/client"
import { startI18n } from "@/lib/i18n"
import { fileHandlers } from "@/mocks/files"
import { contextHandlers } from "@/mocks/images/contexts"
import { theme } from "@/theme/theme"
import { FolderPage } from "./FolderPage"

vi.mock("@/api/session", async (original) => ({
  ...(await original<typeof import("@/api/session")>()),
  accessToken: async () => "token",
}))

const server = setupServer(...fileHandlers, ...contextHandlers)
beforeAll(async () => {
  server.listen({ onUnhandledRequest: "error" })
  await startI18n()
})
afterAll(() => server.close())

it("asks before it replaces, shows what arrived, and deletes what is chosen", async () => {
  const rootRoute = createRootRoute({
    component: () => <FolderPage courseId="1" back={null} />,
  })
  const router = createRouter({ routeTree: rootRoute, history: createMemoryHistory() })
  render(
    <QueryClientProvider client={queryClient}>
      <MantineProvider theme={theme} env="test">
        <RouterProvider router={router as never} />
      </MantineProvider>
    </QueryClientProvider>,
  )
  await screen.findByText("notes.txt")
  const [files] = document.querySelectorAll<HTMLInputElement>("input[type=file]")
  if (!files) throw new Error("no input for files")

  await userEvent.upload(files, [new File(["new"], "extra.csv")])
  expect(await screen.findByText("1 file is in your work folder.")).toBeTruthy()
  await screen.findByText("extra.csv")

  await userEvent.upload(files, [new File(["n"], "notes.txt"), new File(["m"], "more.txt")])
  const dialog = within(await screen.findByRole("dialog"))
  expect(dialog.getByText("notes.txt")).toBeTruthy()
  expect(dialog.queryByText("more.txt")).toBeNull()
  await userEvent.click(dialog.getByRole("button", { name: "Replace" }))
  expect(await screen.findByText("2 files are in your work folder.")).toBeTruthy()

  await userEvent.click(screen.getByRole("checkbox", { name: "Choose extra.csv" }))
  await userEvent.click(screen.getByRole("button", { name: "Delete" }))
  const asked = within(await screen.findByRole("dialog"))
  await userEvent.click(asked.getByRole("button", { name: "Delete" }))
  await waitFor(() => expect(screen.queryByText("extra.csv")).toBeNull())
  await screen.findByText("notes.txt")
})
