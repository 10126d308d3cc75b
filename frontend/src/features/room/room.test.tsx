/** The live room: who needs help stands first, and the class is acted for. */
import { screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { beforeAll, beforeEach, expect, it } from "vitest"
import { queryClient } from "@/api/client"
import { startI18n } from "@/lib/i18n"
import { uuid } from "@/mocks/db"
import { roomFor } from "@/mocks/environments/room"
import { answerWithFakeApi, openPage } from "@/test-page"
import { arranged, countGroups } from "./groups"
import { LiveRoom } from "./LiveRoom"
import { Projector } from "./Projector"

const COURSE = uuid(1, 1)
/** The machine that runs this may be busy. */
const PATIENCE = { timeout: 20_000 }
const asked: { call: string; body: unknown }[] = []

beforeAll(async () => {
  answerWithFakeApi({
    seen: async (request) => {
      const call = new URL(request.url).pathname.split("/room")[1]
      if (request.method === "POST" && call) asked.push({ call, body: await request.json() })
    },
  })
  await startI18n()
})

beforeEach(() => {
  asked.length = 0
  queryClient.clear()
})

const openRoom = () =>
  openPage(
    <LiveRoom
      courseId={COURSE}
      filter={{}}
      onFilter={() => undefined}
      projectorLink={<span />}
      extraTime={{
        forAll: <button type="button">For all</button>,
        dialog: ({ name }) => <p>Extra time of {name}</p>,
      }}
    />,
  )

it("puts those who need help first, then those who wait, and filters by group and name", () => {
  const { people } = roomFor(COURSE)
  const rows = arranged([...people].reverse(), {})
  expect(rows.slice(0, 3).map((person) => person.attention ?? person.phase)).toEqual([
    "long_wait",
    "failed",
    "starting",
  ])
  expect(countGroups(people)).toMatchObject({ attention: 2, starting: 1, ready: 19, notStarted: 2 })
  expect(arranged(people, { group: "attention" })).toHaveLength(2)
  expect(arranged(people, { search: "ADA" }).every((person) => person.name?.includes("Ada"))).toBe(
    true,
  )
})

it("says why a student needs help and lets the teacher start again and read the logs", async () => {
  openRoom()
  await screen.findByText("2 need help", {}, PATIENCE)
  const first = document.querySelector("tbody tr")
  expect(first?.textContent).toContain("the environment does not answer on port 8888")
  await userEvent.click(screen.getByRole("button", { name: /^Act for Bruno Petit/ }))
  const dialog = await screen.findByRole("dialog", { name: "Bruno Petit" })
  await userEvent.click(within(dialog).getByRole("button", { name: "Read the logs" }))
  await within(dialog).findByText(/Serving at port 8888/)
  await userEvent.click(within(dialog).getByRole("button", { name: "Start" }))
  await within(dialog).findByText("1 environment is starting.")
  expect(asked).toEqual([{ call: "/start", body: { people: [uuid(9, 1)] } }])
})

it("starts and writes to everyone after a question", async () => {
  openRoom()
  await userEvent.click(await screen.findByRole("button", { name: "Start everyone" }, PATIENCE))
  const question = await screen.findByRole("dialog", { name: /Start everyone/ })
  await userEvent.click(within(question).getByRole("button", { name: "Start everyone" }))
  await waitFor(() => expect(asked).toEqual([{ call: "/start", body: { people: null } }]))
  await userEvent.click(screen.getByRole("button", { name: "Message everyone" }))
  const message = await screen.findByRole("dialog", { name: "Message to everyone" })
  const send = within(message).getByRole("button", { name: "Send the message" })
  expect(send.hasAttribute("disabled")).toBe(true)
  await userEvent.type(within(message).getByLabelText("Message"), "Ten minutes left.")
  await userEvent.click(send)
  await waitFor(() =>
    expect(asked[1]).toEqual({
      call: "/messages",
      body: { people: null, text: "Ten minutes left." },
    }),
  )
})

it("shows a projector no name", async () => {
  openPage(<Projector courseId={COURSE} backLink={<span />} />)
  await screen.findByText("19 of 24 ready", {}, PATIENCE)
  for (const person of roomFor(COURSE).people) {
    expect(document.body.textContent).not.toContain(person.name)
  }
})
