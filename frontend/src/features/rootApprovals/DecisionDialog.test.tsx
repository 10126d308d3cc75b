/** A refusal and a revocation need a reason. */
import { MantineProvider } from "@mantine/core"
import { render, screen } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { beforeAll, describe, expect, it, vi } from "vitest"
import type { RootRequest } from "@/api/types"
import { startI18n } from "@/lib/i18n"
import { theme } from "@/theme/theme"
import { DecisionDialog } from "./DecisionDialog"
import type { useDecideRoot } from "./rootApprovals"

const REQUEST: RootRequest = {
  build_id: "00000000-0000-4000-8000-000000000001",
  state: "asked",
  comment: "",
  asked_at: "2026-11-29T08:00:00Z",
  asked_by: "Claire",
  reason: "",
  decided_at: null,
  decided_by: null,
  image_title: "SSH & TLS",
  build_number: 3,
  digest: `sha256:${"a".repeat(64)}`,
  findings: [],
  courses: 1,
  can: ["approve", "refuse"],
}

beforeAll(startI18n)

describe.each(["refuse", "revoke"] as const)("%s", (decision) => {
  it("is sent with its reason only", async () => {
    const mutate = vi.fn()
    const decide = { mutate, isPending: false, error: null }
    render(
      <MantineProvider theme={theme} env="test">
        <DecisionDialog
          request={REQUEST}
          decision={decision}
          decide={decide as unknown as ReturnType<typeof useDecideRoot>}
          onClose={() => {}}
        />
      </MantineProvider>,
    )
    const user = userEvent.setup()
    const dialog = await screen.findByRole("dialog", { name: /build 3 of SSH & TLS/ })
    expect(dialog.textContent).toMatch(decision === "revoke" ? /run go on/ : /cannot start/)
    const confirm = screen.getByRole("button", { name: /^(Refuse|Revoke)$/ })
    await user.click(confirm)
    expect(mutate).not.toHaveBeenCalled()
    await screen.findByText("Say why, in a few words.")
    await user.type(screen.getByLabelText(/^Reason/), "Not needed.")
    await user.click(confirm)
    const sent = { buildId: REQUEST.build_id, decision, reason: "Not needed." }
    expect(mutate).toHaveBeenCalledWith(sent, expect.anything())
  })
})
