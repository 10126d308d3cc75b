/** An operator reads in words how far environments of each pool reach. */
import { screen } from "@testing-library/react"
import { getResponse } from "msw"
import { beforeAll, describe, expect, it } from "vitest"
import type { PoolState } from "@/api/types"
import { startI18n } from "@/lib/i18n"
import { handlers } from "@/mocks/handlers"
import { showPage } from "@/test-page"
import { PoolList } from "./PoolList"

let pools: PoolState[] = []

beforeAll(async () => {
  const answer = await getResponse(handlers, new Request(new URL("/api/pools", location.href)))
  pools = await answer?.json()
  await startI18n()
})

async function show() {
  await showPage(<PoolList pools={pools} />)
  await screen.findByRole("table")
}

describe("the pools", () => {
  it("say how far each reaches, with the sentence of its class", async () => {
    await show()
    const cpu = screen.getByRole("row", { name: /^CPU/ })
    expect(cpu.textContent).toContain("1 of 2 in use")
    expect(cpu.textContent).toContain("Up to 8 cores and 16")
    expect(cpu.textContent).toContain("Programs reach the Internet.")
    const gpu = screen.getByRole("row", { name: /^A40/ })
    expect(gpu.textContent).toContain("Nothing")
    expect(gpu.textContent).toContain("4 GPUs")
    const link = screen.getByRole("link", { name: "A40" })
    expect(link.getAttribute("href")).toBe("/dashboard/operate/nodes/pools/gpu")
    expect(gpu.textContent).toContain("All they need must be in the image.")
  })

  it("say at which numbers people come in, and how many machines do not let them", async () => {
    await show()
    const [cpu] = screen.getAllByRole("row", { name: /^CPU/ })
    expect(cpu?.textContent).toMatch(/None$/)
    const [gpu] = screen.getAllByRole("row", { name: /^A40/ })
    expect(gpu?.textContent).toContain("20000 to 20499")
    expect(gpu?.textContent).toContain("SSH, VNC, TCP at {node}.labs.example.org; 37 of 500 in use")
    expect(gpu?.textContent).toContain("1 of 2 machines does not accept connections")
  })
})
