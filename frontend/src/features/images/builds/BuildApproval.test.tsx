/** A teacher without approval: one sentence, one button, then patience. */
import { MantineProvider } from "@mantine/core"
import { QueryClientProvider } from "@tanstack/react-query"
import { render, screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { queryClient } from "@/api/client"
import type { Me } from "@/api/types"
import { startI18n } from "@/lib/i18n"
import { theme } from "@/theme/theme"
import { BuildApproval } from "./BuildApproval"

const me: Me = {
  id: "00000000-0000-4000-8000-000000000001",
  name: "Claire Fontaine",
  email: null,
  locale: "en",
  can: ["create_courses"],
  build_approval: "none",
  contexts: [],
}

beforeAll(async () => {
  vi.stubGlobal("fetch", async (input: RequestInfo | URL) => {
    const path = new URL(input instanceof Request ? input.url : String(input), location.href)
      .pathname
    if (path === "/lti/tokens/refresh") {
      return Response.json({ access_token: "x", expires_in: 600, landing: { kind: "dashboard" } })
    }
    if (path === "/api/me/build-request") me.build_approval = "asked"
    return Response.json(me)
  })
  await startI18n()
})

beforeEach(() => queryClient.clear())

function open() {
  return render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queryClient}>
        <BuildApproval />
      </QueryClientProvider>
    </MantineProvider>,
  )
}

describe("asking to build images", () => {
  it("offers one button, and then says that an answer is awaited", async () => {
    open()
    await userEvent.click(await screen.findByRole("button", { name: "Ask for it" }))
    await screen.findByText("You have asked to build images")
    expect(screen.queryByRole("button")).toBeNull()
  })

  it("says nothing to those who may build", async () => {
    me.build_approval = "approved"
    open()
    await waitFor(() => expect(queryClient.isFetching()).toBe(0))
    expect(screen.queryByRole("status")).toBeNull()
  })
})
