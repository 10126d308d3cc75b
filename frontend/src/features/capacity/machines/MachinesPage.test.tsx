/** Operators see machines and runs of Terraform, and stop everything with one switch. */
import { configure, screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import axe from "axe-core"
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { queryClient } from "@/api/client"
import { chooseLanguage, startI18n } from "@/lib/i18n"
import { scaled } from "@/mocks/machines/scaling"
import { answerWithFakeApi, openPage } from "@/test-page"
import { MachinesPage } from "./MachinesPage"

configure({ asyncUtilTimeout: 10_000 })
vi.setConfig({ testTimeout: 30_000 })

beforeAll(async () => {
  answerWithFakeApi()
  await startI18n()
})

beforeEach(() => queryClient.clear())

const show = (name = "default") => openPage(<MachinesPage name={name} page={1} onPage={() => {}} />)

describe("machines by Terraform", () => {
  it("says what keeps a machine that leaves, and why a run failed", async () => {
    await chooseLanguage("en")
    show()
    const machines = within(await screen.findByRole("table", { name: "Machines" }))
    const leaving = machines.getByRole("row", { name: /91aa03cd/ })
    expect(leaving.textContent).toContain("Leaves once nobody uses it")
    expect(leaving.textContent).toContain("3 work folders on its disk keep it")
    const runs = within(await screen.findByRole("table", { name: "Runs" }))
    const failed = runs.getByRole("row", { name: /Failed/ })
    await userEvent.click(within(failed).getByRole("button"))
    const dialog = within(await screen.findByRole("dialog"))
    expect((await dialog.findAllByText(/Quota exceeded/)).length).toBeGreaterThan(1)
    expect(dialog.getByText(/Plan: 1 to add/)).toBeTruthy()
    const { violations } = await axe.run(document.body, {
      rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    })
    expect(violations).toEqual([])
  })

  it("stops everything after a question, in French too", async () => {
    await chooseLanguage("fr")
    show()
    await userEvent.click(await screen.findByRole("button", { name: "Tout arrêter" }))
    const dialog = within(await screen.findByRole("dialog"))
    await userEvent.click(dialog.getByRole("button", { name: "Tout arrêter" }))
    await waitFor(() => expect(scaled.scaling?.enabled).toBe(false))
    expect(await screen.findByText(/continuent de coûter/)).toBeTruthy()
  })

  it("asks for the size of machines first where the pool has none", async () => {
    await chooseLanguage("en")
    show("gpu")
    expect(await screen.findByText("Change the pool")).toBeTruthy()
    expect(await screen.findByText("Machines of this pool are added by hand")).toBeTruthy()
  })
})
