/** Whoever follows a code into a tab reads whose account it opens before anything happens. */
import { MantineProvider } from "@mantine/core"
import { QueryClientProvider } from "@tanstack/react-query"
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router"
import { render, screen } from "@testing-library/react"
import { beforeAll, beforeEach, expect, it, vi } from "vitest"
import { queryClient } from "@/api/client"
import { startI18n } from "@/lib/i18n"
import { takeTicketFromAddress } from "@/lib/ticket"
import { theme } from "@/theme/theme"
import { EnterByTab } from "./EnterByTab"

let answer: () => Response
const asked: string[] = []

beforeAll(async () => {
  vi.stubGlobal("scrollTo", () => {})
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    asked.push(`${path} ${init.body}`)
    return answer()
  })
  await startI18n()
})

beforeEach(() => {
  queryClient.clear()
  asked.length = 0
  window.history.replaceState(null, "", "/enter#tab=secret")
  takeTicketFromAddress()
})

function open() {
  const router = createRouter({
    routeTree: createRootRoute({ component: EnterByTab }),
    history: createMemoryHistory({ initialEntries: ["/"] }),
  })
  render(
    <QueryClientProvider client={queryClient}>
      <MantineProvider theme={theme}>
        <RouterProvider router={router as never} />
      </MantineProvider>
    </QueryClientProvider>,
  )
}

it("names the account, and enters nothing before the person says so", async () => {
  answer = () => Response.json({ name: "Mallory", email: "mallory@example.org" })
  open()
  expect(await screen.findByText("You go on as Mallory (mallory@example.org).")).toBeTruthy()
  expect(asked).toEqual(['/lti/tabs/account {"code":"secret"}'])
})

it("names it without an address too", async () => {
  answer = () => Response.json({ name: "Mallory", email: null })
  open()
  expect(await screen.findByText("You go on as Mallory.")).toBeTruthy()
})

it("offers nothing for a code that opens nothing", async () => {
  answer = () => Response.json({ code: "tab_used", status: 409, title: "Used" }, { status: 409 })
  open()
  expect(await screen.findByText(/This tab was opened already/)).toBeTruthy()
  expect(screen.queryByRole("button", { name: "Go on" })).toBeNull()
})
