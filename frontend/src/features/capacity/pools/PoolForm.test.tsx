/** An operator makes, changes and removes a pool, against the fake api. */
import { configure, fireEvent, screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { queryClient } from "@/api/client"
import { startI18n } from "@/lib/i18n"
import { newEtag } from "@/mocks/answers"
import { pools } from "@/mocks/machines/capacity"
import { answerWithFakeApi, openPage } from "@/test-page"
import { NewPool } from "./NewPool"
import { PoolPage } from "./PoolPage"

const asked: { call: string; body: unknown; headers: (string | null)[] }[] = []
const puts = () => asked.filter(({ call }) => call.startsWith("PUT"))

// Whole pages on a shared machine.
configure({ asyncUtilTimeout: 10_000 })

async function seen(request: Request) {
  const { pathname, search } = new URL(request.url)
  const body = request.method === "PUT" ? await request.json() : null
  const headers = ["if-match", "if-none-match"].map((name) => request.headers.get(name))
  asked.push({ call: `${request.method} ${pathname}${search}`, body, headers })
}

beforeAll(async () => {
  answerWithFakeApi({ seen })
  await startI18n()
})

beforeEach(() => {
  asked.length = 0
  queryClient.clear()
})

const button = (name: string) => screen.findByRole("button", { name })
const field = (name: RegExp) => screen.findByLabelText(name)

/** At once, as if pasted: the whole form is drawn anew at each letter. */
async function write(name: RegExp, value: string) {
  const input = await field(name)
  fireEvent.change(input, { target: { value } })
  fireEvent.blur(input)
}

describe("a new pool", () => {
  it("is checked where it stands, and made under a name of its own", async () => {
    const router = openPage(<NewPool />)
    await userEvent.click(await button("Create the pool"))
    expect(await screen.findByText("2 fields need your attention:")).toBeTruthy()
    await write(/^Title/, "Exams")
    await write(/^Name/, "Not a name")
    await screen.findAllByText("Small letters, digits and hyphens, a letter first, at most 31.")
    await write(/^Name/, "gpu")
    await userEvent.click(await button("Create the pool"))
    expect(await screen.findAllByText("There is a pool of this name already.")).not.toHaveLength(0)
    await write(/^Name/, "exams")
    await userEvent.click(await button("Create the pool"))
    await waitFor(() => expect(router.state.location.search).toEqual({ made: true }))
    expect(router.state.location.pathname).toBe("/dashboard/operate/nodes/pools/exams")
    expect(puts().at(-1)).toMatchObject({
      call: "PUT /api/pools/exams",
      headers: [null, "*"],
      body: { name: "exams", title: "Exams", max_gpu: 0, lease_minutes: null, direct_ports: null },
    })
  })
})

describe("a pool", () => {
  it("says what its settings amount to, and is saved over what was seen", async () => {
    const [cpu] = pools
    const seen = cpu?.etag
    openPage(<PoolPage name="default" made={false} />)
    await screen.findByText("for 16 environments of the default size")
    await write(/^Default cores/, "9")
    await userEvent.click(await button("Save"))
    expect(await screen.findAllByText("Must be at least the default.")).not.toHaveLength(0)
    expect(puts()).toHaveLength(0)
    await write(/^Maximum cores/, "32")
    await screen.findByText("No machine in use is large enough for the maximum set here.")
    await screen.findByText("for 1 environment of the default size")
    await userEvent.click(await button("Save"))
    await screen.findByText("Saved")
    expect(puts().at(-1)?.headers).toEqual([seen, null])
    await write(/^Maximum cores/, "33")
    await userEvent.click(await button("Save"))
    await waitFor(() => expect(cpu?.pool.max_cpu).toBe(33))
  })

  it("changed by somebody else meanwhile is loaded again before it is saved", async () => {
    openPage(<PoolPage name="gpu" made={false} />)
    await write(/^Title/, "Mine")
    const gpu = pools.find((state) => state.pool.name === "gpu")
    if (gpu) {
      gpu.pool = { ...gpu.pool, title: "Theirs" }
      gpu.etag = newEtag()
    }
    await userEvent.click(await button("Save"))
    await screen.findByRole("dialog", { name: "Another version was saved" })
    expect(screen.getByRole("region", { name: "Title, What you wrote" }).textContent).toBe("Mine")
    expect(gpu?.pool.title).toBe("Theirs")
    await userEvent.click(await button("Keep the saved version"))
    await waitFor(async () =>
      expect((await field(/^Title/)) as HTMLInputElement).toHaveProperty("value", "Theirs"),
    )
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull())
  })

  it("lets people in at its machines only with a warning, and shows a refusal at the switch", async () => {
    openPage(<PoolPage name="default" made={false} />)
    expect(screen.queryByText(/^There is no limit of guesses/)).toBeNull()
    await userEvent.click(await field(/^Let people reach environments/))
    await screen.findByText(/^There is no limit of guesses/)
    await write(/^Last number/, "99")
    await write(/^Name of the machines/, "https://labs")
    await userEvent.click(await field(/^SSH/))
    await userEvent.click(await button("Save"))
    expect(await screen.findByText("3 fields need your attention:")).toBeTruthy()
    await write(/^Last number/, "20499")
    await write(/^Name of the machines/, "{node}.labs.example.org")
    await userEvent.click(await field(/^SSH/))
    await userEvent.click(await button("Save"))
    expect(await screen.findAllByText(/^Here, environments are bound/)).toHaveLength(2)
    expect(document.activeElement?.getAttribute("role")).toBe("switch")
    expect(puts().at(-1)?.body).toMatchObject({
      direct_ports: { first: 20000, last: 20499, kinds: ["ssh"] },
      direct_host: "{node}.labs.example.org",
    })
    await userEvent.click(await field(/^Let people reach environments/))
    expect(screen.queryByText(/^Here, environments are bound/)).toBeNull()
  })

  it("that courses choose is not removed, and their owners are named", async () => {
    openPage(<PoolPage name="gpu" made={false} />)
    await userEvent.click(await button("Remove the pool"))
    const dialog = await screen.findByRole("dialog")
    await userEvent.click(within(dialog).getByRole("button", { name: "Remove" }))
    await within(dialog).findByText(/^Courses that choose this pool: 1/)
    within(dialog).getByText("Databases · Grace Hopper")
  })

  it("that nothing is in is removed", async () => {
    const [cpu] = pools
    if (cpu) pools.push({ ...cpu, pool: { ...cpu.pool, name: "spare", title: "Spare" }, nodes: 0 })
    const router = openPage(<PoolPage name="spare" made />)
    await screen.findByText("The pool is created")
    await userEvent.click(await button("Remove the pool"))
    const dialog = await screen.findByRole("dialog")
    await userEvent.click(within(dialog).getByRole("button", { name: "Remove" }))
    await waitFor(() => expect(router.state.location.pathname).toBe("/dashboard/operate/nodes"))
    expect(asked.map(({ call }) => call)).toContain("DELETE /api/pools/spare")
  })

  it("of courses that choose none stays", async () => {
    openPage(<PoolPage name="default" made={false} />)
    await screen.findByText("Courses that choose no pool use this one: it cannot be removed.")
    expect(screen.queryByRole("button", { name: "Remove the pool" })).toBeNull()
  })
})
