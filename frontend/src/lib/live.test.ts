/** How often readers of the event stream ask again. */
import { renderHook } from "@testing-library/react"
import { getResponse } from "msw"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { publish } from "@/mocks/environments/starts"
import { handlers } from "@/mocks/handlers"
import { throttled, useLive } from "./live"

const PATIENCE = { timeout: 50_000 }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe("a throttled reader", () => {
  it("reads the first change at once and all others of the second together", () => {
    const run = vi.fn()
    const reader = throttled(run, 1_000)
    for (let change = 0; change < 300; change += 1) reader.soon()
    expect(run).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(999)
    expect(run).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(1)
    expect(run).toHaveBeenCalledTimes(2)
    vi.advanceTimersByTime(10_000)
    expect(run).toHaveBeenCalledTimes(2)
    reader.soon()
    expect(run).toHaveBeenCalledTimes(3)
  })

  it("reads once a second while changes go on, and reads after the last one", () => {
    const run = vi.fn()
    const reader = throttled(run, 1_000)
    for (let tenth = 0; tenth < 100; tenth += 1) {
      reader.soon()
      vi.advanceTimersByTime(100)
    }
    expect(run.mock.calls.length).toBeGreaterThanOrEqual(10)
    expect(run.mock.calls.length).toBeLessThanOrEqual(11)
    reader.soon()
    const before = run.mock.calls.length
    vi.advanceTimersByTime(1_000)
    expect(run.mock.calls.length).toBeGreaterThan(before - 1)
  })

  it("reads at once what is waited for, and what came before it with it", () => {
    const run = vi.fn()
    const reader = throttled(run, 1_000)
    reader.soon()
    reader.soon()
    reader.now()
    expect(run).toHaveBeenCalledTimes(2)
    vi.advanceTimersByTime(10_000)
    expect(run).toHaveBeenCalledTimes(2)
  })

  it("reads no more once it is stopped", () => {
    const run = vi.fn()
    const reader = throttled(run, 1_000)
    reader.soon()
    reader.soon()
    reader.stop()
    vi.advanceTimersByTime(10_000)
    expect(run).toHaveBeenCalledTimes(1)
  })
})

describe("a page at the event stream", () => {
  it("does not ask for each of 300 students who start", async () => {
    vi.useRealTimers()
    vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
      const address = typeof input === "string" ? new URL(input, location.href) : input
      const response = await getResponse(handlers, new Request(address, init))
      return response ?? new Response(null, { status: 404 })
    })
    const refetch = vi.fn()
    const page = renderHook(() => useLive((change) => change.course_id === "c", refetch))
    await vi.waitFor(() => expect(refetch).toHaveBeenCalledTimes(1), PATIENCE) // the stream is open
    for (let student = 0; student < 300; student += 1) publish("course.changed", "c", "c")
    await vi.waitFor(() => expect(refetch.mock.calls.length).toBeGreaterThan(1), PATIENCE)
    // However slow the machine is: one's own changes come after all of the class's.
    const ofClass = refetch.mock.calls.length
    publish("environment.changed", "e", "c")
    publish("environment.changed", "e", "c")
    await vi.waitFor(() => expect(refetch.mock.calls.length).toBeGreaterThan(ofClass + 1), PATIENCE)
    expect(refetch.mock.calls.length).toBeLessThan(100)
    page.unmount()
  }, 60_000)
})
