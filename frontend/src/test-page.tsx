/** For tests: a part of the page in a router, and the fake api behind `fetch`. */
import { MantineProvider } from "@mantine/core"
import { QueryClientProvider } from "@tanstack/react-query"
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router"
import { render } from "@testing-library/react"
import { getResponse, type RequestHandler } from "msw"
import { type ReactNode, Suspense } from "react"
import { vi } from "vitest"
import { queryClient } from "@/api/client"
import { handlers } from "@/mocks/handlers"
import { theme } from "@/theme/theme"

export type Sent = { method: string; path: string; ifMatch: string | null; body: unknown }

type Answers = {
  /** Asked before the fake api. */
  first?: RequestHandler[]
  /** Sees a copy of each request. */
  seen?: (request: Request) => unknown
}

/** Answers every request, and returns the edits as they come in. */
export function answerWithFakeApi({ first = [], seen }: Answers = {}): Sent[] {
  const sent: Sent[] = []
  vi.stubGlobal("scrollTo", () => {})
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const address = typeof input === "string" ? new URL(input, location.href) : input
    const request = new Request(address, init)
    await seen?.(request.clone())
    const { method } = request
    if (method === "PUT" || method === "DELETE") {
      const text = method === "PUT" ? await request.clone().text() : ""
      const body: unknown = text ? JSON.parse(text) : null
      const path = new URL(request.url).pathname
      sent.push({ method, path, ifMatch: request.headers.get("if-match"), body })
    }
    const answer = await getResponse([...first, ...handlers], request)
    return answer ?? new Response(null, { status: 404 })
  })
  return sent
}

export function openPage(page: ReactNode) {
  const rootRoute = createRootRoute({ component: () => <Suspense fallback="…">{page}</Suspense> })
  const router = createRouter({
    routeTree: rootRoute,
    history: createMemoryHistory({ initialEntries: ["/"] }),
    defaultNotFoundComponent: () => "elsewhere",
  })
  render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </MantineProvider>,
  )
  return router
}

/** The same once the part is there. */
export async function showPage(page: ReactNode) {
  const router = openPage(page)
  await router.load()
  return router
}
