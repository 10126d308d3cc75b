/** Join links: where an address leads, what is refused, and the editor's section. */
import { screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { beforeAll, beforeEach, expect, it, vi } from "vitest"
import { queryClient } from "@/api/client"
import { startI18n } from "@/lib/i18n"
import { uuid } from "@/mocks/db"
import { answerWithFakeApi, openPage } from "@/test-page"
import { JoinCourse } from "./JoinCourse"
import { JoinLinkSection } from "./JoinLinkSection"
import { readJoinPath } from "./join"

const PATIENCE = { timeout: 20_000 }

beforeAll(startI18n)
beforeEach(() => queryClient.clear())

const PULL = "?repo=https%3A%2F%2Fgit.example%2Fa&urlpath=lab%2Ftree%2Fa&branch=main"

it.each([
  ["K7F3-9QD2", "", undefined],
  ["K7F3-9QD2/user-redirect/git-pull", PULL, `/git-pull${PULL}`],
  ["K7F3-9QD2/hub/user-redirect/git-pull", PULL, `/git-pull${PULL}`],
  ["K7F3-9QD2/user-redirect/lab/tree/a.ipynb", "", "/lab/tree/a.ipynb"],
  ["K7F3-9QD2/elsewhere", "?a=1", undefined],
])("%s%s opens %s", (rest, query, open) => {
  expect(readJoinPath(rest, query)).toEqual(
    open ? { code: "K7F3-9QD2", open } : { code: "K7F3-9QD2" },
  )
})

it("joins once by the code of the address", async () => {
  answerWithFakeApi()
  const joined = vi.fn()
  openPage(<JoinCourse code="K7F3-9QD2" onJoined={joined} />)
  await waitFor(() => expect(joined).toHaveBeenCalledWith(uuid(1, 1)), PATIENCE)
  expect(joined).toHaveBeenCalledTimes(1)
})

it("says why a code lets nobody in, and takes another one", async () => {
  answerWithFakeApi()
  const joined = vi.fn()
  openPage(<JoinCourse code="AAAA-2222" onJoined={joined} />)
  await screen.findByText(/There is no such code/, {}, PATIENCE)
  const field = screen.getByLabelText("Code")
  await userEvent.clear(field)
  await userEvent.type(field, "K7F3-9QD2")
  await userEvent.click(screen.getByRole("button", { name: "Join" }))
  await waitFor(() => expect(joined).toHaveBeenCalledWith(uuid(1, 1)))
})

it("makes a link, limits it, and takes it back", async () => {
  const sent = answerWithFakeApi()
  openPage(<JoinLinkSection courseId={uuid(1, 1)} />)
  await userEvent.click(await screen.findByRole("button", { name: "Create a join link" }, PATIENCE))
  await screen.findByText("https://mydocker.example.edu/join/K7F3-9QD2", {}, PATIENCE)
  await userEvent.type(screen.getByLabelText("At most this many people"), "30")
  await userEvent.click(screen.getByRole("button", { name: "Save the limits" }))
  await waitFor(() => expect(sent.at(-1)?.body).toEqual({ expires_at: null, max_people: 30 }))
  await userEvent.click(screen.getByRole("button", { name: "Take the link back" }))
  const dialog = await screen.findByRole("dialog")
  await userEvent.click(
    [...dialog.querySelectorAll("button")].at(-1) ?? document.createElement("button"),
  )
  await screen.findByRole("button", { name: "Create a join link" })
})
