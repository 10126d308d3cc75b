/** What a person reads of their data, and what an operator decides, against the fake api. */
import { screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { beforeAll, beforeEach, expect, it } from "vitest"
import { queryClient } from "@/api/client"
import { startI18n } from "@/lib/i18n"
import { answerWithFakeApi, openPage, type Sent } from "@/test-page"
import { ErasureRequests } from "./ErasureRequests"
import { MyDataPage } from "./MyDataPage"

let sent: Sent[] = []

beforeAll(async () => {
  await startI18n()
})

beforeEach(() => {
  queryClient.clear()
  sent = answerWithFakeApi()
})

it("asks for erasure after a question, and takes it back", async () => {
  const user = userEvent.setup()
  openPage(<MyDataPage back={null} />)
  await user.click(await screen.findByRole("button", { name: "Ask for erasure" }))
  const dialog = await screen.findByRole("dialog")
  await user.type(within(dialog).getByRole("textbox"), "I left")
  await user.click(within(dialog).getByRole("button", { name: "Ask" }))
  await screen.findByText(/An operator will decide/)
  expect(sent[0]?.body).toEqual({ words: "I left" })
  await user.click(screen.getByRole("button", { name: "Take the request back" }))
  await waitFor(() => expect(sent[1]?.method).toBe("DELETE"))
})

it("says what is erased, what stays, and lists the folders", async () => {
  openPage(<MyDataPage back={null} />)
  await screen.findByRole("button", { name: /Download the work folder of “Statistics with/ })
  expect(screen.getAllByText("stays, without your name")).toHaveLength(4)
  expect(screen.getByText(/Kept without a name/)).toBeTruthy()
})

it("refuses with a reason, and erases nobody who owns courses", async () => {
  const user = userEvent.setup()
  openPage(<ErasureRequests filter={{}} onFilter={() => {}} />)
  const owner = await screen.findByRole<HTMLButtonElement>("button", {
    name: "Erase the data of Barbara Liskov",
  })
  expect(owner.disabled).toBe(true)
  await user.click(screen.getByRole("button", { name: "Refuse the request of Edsger Dijkstra" }))
  const dialog = await screen.findByRole("dialog")
  const refuse = within(dialog).getByRole<HTMLButtonElement>("button", { name: "Refuse" })
  expect(refuse.disabled).toBe(true)
  await user.type(within(dialog).getByRole("textbox"), "Not yet")
  await user.click(refuse)
  await screen.findByText("Not yet")
})
