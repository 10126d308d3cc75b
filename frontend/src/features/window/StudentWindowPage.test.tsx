/** What a student does on the page, against the fake api. */
import { MantineProvider } from "@mantine/core"
import { QueryClientProvider } from "@tanstack/react-query"
import { render, screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { getResponse, http } from "msw"
import { Component, type ReactNode, Suspense } from "react"
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { queryClient } from "@/api/client"
import { asProblem } from "@/api/problems"
import { startI18n } from "@/lib/i18n"
import { uuid } from "@/mocks/db"
import { handlers } from "@/mocks/handlers"
import { theme } from "@/theme/theme"
import { StudentWindowPage } from "./StudentWindowPage"

const asked: string[] = []
const lost = new Set<string>()

beforeAll(async () => {
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const address = typeof input === "string" ? new URL(input, location.href) : input
    const request = new Request(address, init)
    asked.push(`${request.method} ${new URL(request.url).pathname}`)
    if (lost.has(new URL(request.url).pathname)) {
      const problem = { code: "not_found", status: 404, title: "Not Found" }
      return Response.json(problem, { status: 404 })
    }
    const response = await getResponse([...handlers, http.all("*", () => undefined)], request)
    return response ?? new Response(null, { status: 404 })
  })
  await startI18n()
})

beforeEach(() => {
  asked.length = 0
  queryClient.clear()
})

function open(courseId: string) {
  return render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queryClient}>
        <Suspense fallback="…">
          <StudentWindowPage courseId={courseId} />
        </Suspense>
      </QueryClientProvider>
    </MantineProvider>,
  )
}

class Boundary extends Component<{ children: ReactNode }, { code: string | null }> {
  state = { code: null }
  static getDerivedStateFromError(error: unknown) {
    return { code: asProblem(error).code }
  }
  render() {
    return this.state.code ? <p>refused: {this.state.code}</p> : this.props.children
  }
}

describe("the student's window", () => {
  it("is gone at once for somebody whose access ended, with nothing stale under it", async () => {
    const courseId = uuid(1, 5)
    render(
      <MantineProvider theme={theme} env="test">
        <QueryClientProvider client={queryClient}>
          <Boundary>
            <Suspense fallback="…">
              <StudentWindowPage courseId={courseId} />
            </Suspense>
          </Boundary>
        </QueryClientProvider>
      </MantineProvider>,
    )
    const card = await screen.findByRole("article", { name: "User name and password" })
    lost.add(`/api/courses/${courseId}/window`)
    await queryClient.invalidateQueries()
    await screen.findByText("refused: not_found")
    expect(card.isConnected).toBe(false)
    lost.clear()
  })

  it("starts an environment, once, however impatient the clicks", async () => {
    open(uuid(1, 1))
    const start = await screen.findByRole("button", { name: "Start" })
    start.click()
    start.click()
    start.click()
    const bar = await screen.findByRole("progressbar", { name: "Progress of the start" })
    expect(bar.getAttribute("aria-valuemax")).toBe("8")
    expect(asked.filter((call) => call.endsWith("/environment/start"))).toHaveLength(1)
    await userEvent.click(screen.getByRole("button", { name: "Cancel" }))
    await screen.findByText("Your environment is stopped. You cancelled the start.")
    expect(screen.getByRole("button", { name: "Start again" })).toBeTruthy()
  })

  it("keeps a start back until the session opens", async () => {
    open(uuid(1, 2))
    await screen.findByText(/^The session opens/)
    expect(screen.getByRole("button", { name: "Start" }).hasAttribute("disabled")).toBe(true)
    expect(screen.getByRole("timer").textContent).toMatch(/Opens in \d+:\d\d/)
  })

  it("fetches the password only when it is asked for", async () => {
    open(uuid(1, 5))
    const card = await screen.findByRole("article", { name: "User name and password" })
    expect(asked.some((call) => call.endsWith("/credentials"))).toBe(false)
    await userEvent.click(within(card).getByRole("button", { name: "Show the password" }))
    await within(card).findByText("mauve-Otter7-plume-Rill3")
    await userEvent.click(within(card).getByRole("button", { name: "Hide the password" }))
    await waitFor(() => expect(within(card).queryByText("mauve-Otter7-plume-Rill3")).toBeNull())
  })

  it("warns before the end", async () => {
    open(uuid(1, 5))
    await screen.findByText(/Stops in \d minutes\./)
    expect(screen.getByText("Your work folder is kept.")).toBeTruthy()
  })

  it("explains a failure and offers to try again", async () => {
    open(uuid(1, 4))
    await screen.findByText("The start failed: the environment does not answer on port 8888.")
    expect(screen.getByText("K7F3-9QD2")).toBeTruthy()
    expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy()
  })
})
