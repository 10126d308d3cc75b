/** The files of an Image on the page: sent in parts, shown as a tree, viewed and removed. */
import { MantineProvider } from "@mantine/core"
import { QueryClientProvider } from "@tanstack/react-query"
import { render, screen, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { setupServer } from "msw/node"
import { Suspense } from "react"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { queryClient } from "@/api/client"
import { startI18n } from "@/lib/i18n"
import { contextHandlers } from "@/mocks/images/contexts"
import { theme } from "@/theme/theme"
import { Files } from "./Files"

vi.mock("@/api/session", async (original) => ({
  ...(await original<typeof import("@/api/session")>()),
  accessToken: async () => "token",
}))

const server = setupServer(...contextHandlers)
beforeAll(async () => {
  server.listen({ onUnhandledRequest: "error" })
  await startI18n()
})
afterAll(() => server.close())

function show() {
  render(
    <QueryClientProvider client={queryClient}>
      <MantineProvider theme={theme} env="test">
        <Suspense fallback={null}>
          <Files imageId="1" mayEdit onUseDockerfile={() => undefined} />
        </Suspense>
      </MantineProvider>
    </QueryClientProvider>,
  )
}

describe("Files", () => {
  it("sends an archive, shows its tree, and removes a folder", async () => {
    show()
    await screen.findByText(/No files yet/)
    const [files] = document.querySelectorAll<HTMLInputElement>("input[type=file]")
    if (!files) throw new Error("no input for files")
    await userEvent.upload(files, new File(["x".repeat(100)], "work.zip"))
    const tree = await screen.findByRole("list", { name: "Files" })
    within(tree).getByText("app.py")
    within(tree).getByText("left out by .dockerignore")
    await userEvent.click(within(tree).getByRole("button", { name: "src/" }))
    expect(within(tree).queryByText("app.py")).toBeNull()
    await userEvent.click(within(tree).getByRole("button", { name: /^Actions.*src$/ }))
    await userEvent.click(await screen.findByRole("menuitem", { name: "Remove" }))
    await userEvent.click(await screen.findByRole("button", { name: "Remove" }))
    await vi.waitFor(() => expect(within(tree).queryByRole("button", { name: "src/" })).toBeNull())
  })

  it("replaces nothing that came meanwhile, and shows it", async () => {
    show()
    await screen.findByRole("list", { name: "Files" })
    const body = JSON.stringify({ upload_id: "elsewhere", path: "from-another-tab.csv" })
    const headers = { "If-Match": "*" }
    await fetch("/api/images/1/context/files", { method: "PUT", body, headers })
    expect(screen.queryByText("from-another-tab.csv")).toBeNull()
    await userEvent.click(screen.getByRole("button", { name: "Remove all" }))
    await userEvent.click(await screen.findByRole("button", { name: "Remove" }))
    await screen.findByText(/It was changed after you opened this page/)
    await screen.findByText("from-another-tab.csv")
  })

  it("adds any other file as it is", async () => {
    show()
    const [files] = document.querySelectorAll<HTMLInputElement>("input[type=file]")
    if (!files) throw new Error("no input for files")
    await userEvent.upload(files, new File(["a,b"], "table.csv"))
    expect((await screen.findAllByText("table.csv")).length).toBe(1)
  })
})
