/** The picker offers what the LMS takes, and nothing else. */
import { MantineProvider } from "@mantine/core"
import { QueryClientProvider } from "@tanstack/react-query"
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router"
import { configure, render, screen } from "@testing-library/react"
import { getResponse } from "msw"
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { queryClient } from "@/api/client"
import { startI18n } from "@/lib/i18n"
import { uuid } from "@/mocks/db"
import { handlers } from "@/mocks/handlers"
import { theme } from "@/theme/theme"
import { Picker } from "./Picker"

let taken = { several: true, grade_column: true }

configure({ asyncUtilTimeout: 10_000 })

beforeAll(async () => {
  vi.stubGlobal("scrollTo", () => {})
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const address = typeof input === "string" ? new URL(input, location.href) : input
    const request = new Request(address, init)
    if (request.method === "GET" && request.url.includes("/lti/deep-linking/")) {
      return Response.json(taken)
    }
    return (await getResponse(handlers, request)) ?? new Response(null, { status: 404 })
  })
  await startI18n()
})

beforeEach(() => queryClient.clear())

function open() {
  const root = createRootRoute({ component: () => <Picker deepLinkingId={uuid(7, 1)} /> })
  const history = createMemoryHistory({ initialEntries: ["/"] })
  const router = createRouter({ routeTree: root, history })
  render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </MantineProvider>,
  )
}

describe("the picker", () => {
  it("lets several be chosen, with a grade column, where the LMS takes both", async () => {
    open()
    await screen.findByRole("switch", { name: "Choose several" })
    screen.getByRole("checkbox", { name: "Add a column in the gradebook" })
  })

  it("offers neither where it takes neither", async () => {
    taken = { several: false, grade_column: false }
    open()
    expect(await screen.findAllByRole("radio")).not.toHaveLength(0)
    expect(screen.queryByRole("switch")).toBeNull()
    expect(screen.queryByRole("checkbox")).toBeNull()
  })
})
