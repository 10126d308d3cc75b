/** A Course that runs an older build is offered the newest one that succeeded. */
import { MantineProvider } from "@mantine/core"
import { QueryClientProvider } from "@tanstack/react-query"
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router"
import { render, screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { queryClient } from "@/api/client"
import type { Course } from "@/api/types"
import { startI18n } from "@/lib/i18n"
import { theme } from "@/theme/theme"
import { NewerBuild } from "./NewerBuild"

const IMAGE = "00000000-0000-4000-8000-0000000000a1"
const COURSE = "00000000-0000-4000-8000-0000000000c1"
const build = (number: number, phase: string) => ({
  id: `00000000-0000-4000-8000-0000000000b${number}`,
  number,
  phase,
  queued_at: "2026-11-23T10:00:00Z",
  ended_at: "2026-11-23T10:01:00Z",
})
let builds: unknown[] = []
let moved: unknown[] = []

beforeAll(async () => {
  vi.stubGlobal("scrollTo", vi.fn())
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const request =
      input instanceof Request ? input : new Request(new URL(String(input), location.href), init)
    const { pathname } = new URL(request.url)
    if (pathname === "/lti/tokens/refresh") {
      return Response.json({ access_token: "x", expires_in: 600, landing: { kind: "dashboard" } })
    }
    if (pathname === `/api/images/${IMAGE}/builds`) {
      return Response.json({ items: builds, total: builds.length, page: 1, page_size: 20 })
    }
    moved.push(pathname, await request.json())
    return Response.json({ items: [], others: 0 })
  })
  await startI18n()
})
beforeEach(() => {
  queryClient.clear()
  moved = []
})

async function show(runs: number, can: string[]) {
  const course = {
    id: COURSE,
    can,
    image: { image_id: IMAGE, image_title: "R", build_id: build(runs, "").id, build_number: runs },
  } as unknown as Course
  const route = createRootRoute({ component: () => <NewerBuild course={course} /> })
  const router = createRouter({ routeTree: route, history: createMemoryHistory() })
  await router.load()
  render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>,
  )
}

describe("a newer build", () => {
  it("is offered, and used", async () => {
    builds = [build(4, "failed"), build(3, "succeeded"), build(2, "succeeded")]
    await show(2, ["edit"])
    await userEvent.click(await screen.findByRole("button", { name: "Use build 3" }))
    await waitFor(() =>
      expect(moved).toEqual([`/api/builds/${build(3, "").id}/courses`, { course_ids: [COURSE] }]),
    )
  })

  it.each([
    ["the newest runs", 3, ["edit"], [build(4, "failed"), build(3, "succeeded")]],
    ["only an older one succeeded", 3, ["edit"], [build(2, "succeeded")]],
  ])("is not offered where %s", async (_, runs, can, listed) => {
    builds = listed
    await show(runs, can)
    await waitFor(() => expect(queryClient.isFetching()).toBe(0))
    await waitFor(() => expect(queryClient.getQueryCache().getAll()).toHaveLength(1))
    await waitFor(() => expect(queryClient.getQueryCache().getAll()[0]?.state.data).toBeTruthy())
    expect(screen.queryByRole("button")).toBeNull()
  })

  it("asks nothing for somebody who may not change the course", async () => {
    builds = [build(3, "succeeded")]
    await show(2, ["view"])
    expect(queryClient.getQueryCache().getAll()).toHaveLength(0)
  })
})
