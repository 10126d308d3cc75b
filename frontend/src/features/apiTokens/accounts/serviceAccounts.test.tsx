/** Service accounts: created with rights, disabled after a question, given a token of their own. */
import { screen, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { queryClient } from "@/api/client"
import { startI18n } from "@/lib/i18n"
import { uuid } from "@/mocks/db"
import { answerWithFakeApi, showPage } from "@/test-page"
import { ServiceAccountList } from "./ServiceAccountList"
import { ServiceAccountPage } from "./ServiceAccountPage"

beforeAll(async () => {
  answerWithFakeApi()
  await startI18n()
})
beforeEach(() => queryClient.clear())

describe("the list", () => {
  it("creates an account with its rights", async () => {
    await showPage(<ServiceAccountList filter={{}} onFilter={() => {}} />)
    await userEvent.click(await screen.findByRole("button", { name: "Create a service account" }))
    const dialog = within(await screen.findByRole("dialog"))
    await userEvent.click(dialog.getByRole("button", { name: "Create the account" }))
    expect(dialog.getByText("Give the account a name.")).toBeTruthy()
    await userEvent.type(dialog.getByRole("textbox", { name: /Name/ }), "Grades")
    await userEvent.click(dialog.getByRole("checkbox", { name: "Build images" }))
    await userEvent.click(dialog.getByRole("button", { name: "Create the account" }))
    const row = await screen.findByRole("row", { name: /Grades/ })
    expect(row.textContent).toContain("Build images")
  })

  it("says for which account nobody answers", async () => {
    await showPage(<ServiceAccountList filter={{ search: "Dashboard" }} onFilter={() => {}} />)
    const row = await screen.findByRole("row", { name: /Dashboard of the IT department/ })
    expect(row.textContent).toContain("No owner")
  })
})

describe("the page of an account", () => {
  it("disables it after a question", async () => {
    await showPage(<ServiceAccountPage accountId={uuid(14, 1)} />)
    await userEvent.click(await screen.findByRole("button", { name: "Disable" }))
    const dialog = within(await screen.findByRole("dialog"))
    expect(dialog.getByText(/All its tokens are refused at once/)).toBeTruthy()
    await userEvent.click(dialog.getByRole("button", { name: "Disable" }))
    expect(await screen.findByRole("button", { name: "Enable" })).toBeTruthy()
  })

  it("is taken over by another operator", async () => {
    await showPage(<ServiceAccountPage accountId={uuid(14, 2)} />)
    expect(await screen.findByText(/Its owner is no longer an operator/)).toBeTruthy()
    await userEvent.click(screen.getByRole("button", { name: "Take over" }))
    const dialog = within(await screen.findByRole("dialog"))
    await userEvent.click(dialog.getByRole("button", { name: "Take over" }))
    expect(await screen.findByText(/Claire Fontaine answers for it/)).toBeTruthy()
  })

  it("shows the secret of a new token", async () => {
    await showPage(<ServiceAccountPage accountId={uuid(14, 3)} />)
    const form = within(await screen.findByRole("region", { name: "Create a token" }))
    await userEvent.type(form.getByRole("textbox", { name: /Name/ }), "CI")
    await userEvent.selectOptions(form.getByRole("combobox", { name: "Courses" }), "read")
    await userEvent.click(form.getByRole("button", { name: "Create the token" }))
    expect(await screen.findByText(/^mydocker_pat_/)).toBeTruthy()
    expect(await screen.findByRole("row", { name: /CI/ })).toBeTruthy()
  })
})
