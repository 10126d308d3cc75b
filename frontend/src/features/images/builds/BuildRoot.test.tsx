/** Why a build runs as root, and asking for its approval. */
import { MantineProvider } from "@mantine/core"
import { QueryClientProvider } from "@tanstack/react-query"
import { render, screen } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { Suspense } from "react"
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { queryClient } from "@/api/client"
import type { BuildRoot } from "@/api/types"
import { startI18n } from "@/lib/i18n"
import { theme } from "@/theme/theme"
import { BuildRootPart } from "./BuildRoot"

const ID = "00000000-0000-4000-8000-000000000001"
const NOBODY: BuildRoot = {
  build_id: ID,
  state: "none",
  comment: "",
  asked_at: null,
  asked_by: null,
  reason: "",
  decided_at: null,
  decided_by: null,
  findings: [
    { kind: "no_user", file: "dockerfile", line: null, detail: "" },
    { kind: "program", file: "wrapper", line: 12, detail: "sshd" },
  ],
  pools: [
    { name: "default", title: "CPU", needs_approval: true },
    { name: "remapped", title: "Remapped", needs_approval: false },
  ],
  may_start: false,
  may_ask: true,
}
let root = NOBODY
const sent: unknown[] = []

beforeAll(async () => {
  vi.stubGlobal("fetch", async (input: RequestInfo | URL) => {
    const address = input instanceof Request ? input.url : String(input)
    const path = new URL(address, location.href).pathname
    if (path === "/lti/tokens/refresh") {
      return Response.json({ access_token: "x", expires_in: 600, landing: { kind: "dashboard" } })
    }
    if (path.endsWith("/root-request")) {
      sent.push(await (input as Request).json())
      const at = new Date().toISOString()
      root = { ...root, state: "asked", asked_by: "Claire", asked_at: at, may_ask: false }
    }
    return path === "/api/events" ? new Response(null, { status: 503 }) : Response.json(root)
  })
  await startI18n()
})

beforeEach(() => {
  queryClient.clear()
  sent.length = 0
})

function open(facts: Partial<BuildRoot>, profile: "strict" | "compat" = "compat") {
  root = { ...NOBODY, ...facts }
  return render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queryClient}>
        <Suspense>
          <BuildRootPart buildId={ID} profile={profile} />
        </Suspense>
      </QueryClientProvider>
    </MantineProvider>,
  )
}

describe("root of a build", () => {
  it("says why, where, and asks with a comment, by keyboard alone", async () => {
    open({})
    await screen.findByText(/the image starts as root/)
    expect(screen.getByText(/sshd/).textContent).toContain("line 12")
    expect(screen.getByText(/^CPU/).textContent).toContain("only with an approval")
    expect(screen.getByText(/^Remapped/).textContent).toContain("without an approval")
    const user = userEvent.setup()
    await user.tab()
    await user.keyboard("Students practise SSH.")
    await user.tab()
    await user.keyboard("{Enter}")
    await screen.findByText("Approval requested")
    expect(sent).toEqual([{ comment: "Students practise SSH." }])
    expect(screen.queryByRole("button")).toBeNull()
  })

  it.each([
    ["approved", /new build needs a new approval/, false],
    ["refused", /Use SSH of the platform/, true],
    ["revoked", /What runs goes on/, true],
  ] as const)("%s is explained", async (state, sentence, again) => {
    open({
      state,
      reason: "Use SSH of the platform.",
      decided_by: "Olga",
      decided_at: new Date().toISOString(),
      may_ask: again,
    })
    await screen.findByText(sentence)
    const ask = screen.queryByRole("button", { name: "Ask again" })
    expect(ask !== null).toBe(again)
  })

  it("says that the strict protection needs no approval", async () => {
    open({ findings: null }, "strict")
    await screen.findByText(/nobody has to approve it/)
    screen.getByText(/older than the search for reasons/)
  })

  it("asks for nothing where every pool remaps users", async () => {
    open({ pools: [{ name: "remapped", title: "Remapped", needs_approval: false }] })
    await screen.findByText(/without an approval/)
    expect(screen.queryByRole("button")).toBeNull()
  })
})
