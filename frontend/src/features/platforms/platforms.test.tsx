/** What an operator does with platforms, against the fake api. */
import { configure, fireEvent, screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { queryClient } from "@/api/client"
import type { Platform } from "@/api/types"
import { startI18n } from "@/lib/i18n"
import { newEtag } from "@/mocks/answers"
import { platforms } from "@/mocks/platforms"
import { answerWithFakeApi, openPage } from "@/test-page"
import { ChangePlatform } from "./form/ChangePlatform"
import { draftOf, valuesOf } from "./form/draft"
import { NewPlatform } from "./form/NewPlatform"
import { Invitations } from "./invitations/Invitations"
import { OwnKeys } from "./keys/OwnKeys"
import { PlatformPage } from "./page/PlatformPage"

const asked: { call: string; body: unknown }[] = []
const calls = () => asked.map((request) => request.call)
const [moodle, waiting] = platforms as [Platform, Platform]

// Whole pages on a shared machine.
configure({ asyncUtilTimeout: 10_000 })

async function seen(request: Request) {
  const { pathname, search } = new URL(request.url)
  const body = request.method === "GET" ? null : await request.text()
  asked.push({
    call: `${request.method} ${pathname}${search}`,
    body: body ? JSON.parse(body) : null,
  })
}

beforeAll(async () => {
  answerWithFakeApi({ seen })
  await startI18n()
})

beforeEach(() => {
  asked.length = 0
  queryClient.clear()
})

const button = (name: string | RegExp) => screen.findByRole("button", { name })

describe("a platform", () => {
  it("is disabled once the operator has read what that means", async () => {
    openPage(<PlatformPage platformId={moodle.id} page={1} onPage={() => {}} />)
    await userEvent.click(await button("Disable"))
    const dialog = await screen.findByRole("dialog", { name: "Disable Moodle of the faculty?" })
    within(dialog).getByText(
      /their environments are stopped, unless they have another way to sign in/,
    )
    await within(dialog).findByText("37 people are signed out.")
    within(dialog).getByText("12 running environments are stopped.")
    expect(calls().some((call) => call.endsWith("/disable"))).toBe(false)
    await userEvent.click(within(dialog).getByRole("button", { name: "Disable" }))
    await button("Enable")
    expect(calls()).toContain(`POST /api/platforms/${moodle.id}/disable`)
  })

  it("that registered itself is approved", async () => {
    openPage(<PlatformPage platformId={waiting.id} page={1} onPage={() => {}} />)
    await screen.findByText("This platform waits for your approval")
    await userEvent.click(await button("Approve"))
    const dialog = await screen.findByRole("dialog")
    within(dialog).getByText("It says that it is https://libre.example.org.")
    await userEvent.click(within(dialog).getByRole("button", { name: "Approve" }))
    await waitFor(() =>
      expect(screen.queryByText("This platform waits for your approval")).toBeNull(),
    )
  })

  it("says who did what, and that its keys cannot be read", async () => {
    openPage(<PlatformPage platformId={moodle.id} page={1} onPage={() => {}} />)
    await screen.findByText("Command on the server")
    await userEvent.click(await button("Read again now"))
    expect(calls()).toContain(`POST /api/platforms/${moodle.id}/keys`)
    const all = await screen.findByRole("link", { name: "Show it with its reason" })
    expect(all.getAttribute("href")).toContain(`platform=${moodle.id}`)
  })
})

describe("setting up by hand", () => {
  it("shows our addresses, fills in Moodle's, and says what is wrong where it stands", async () => {
    openPage(<NewPlatform />)
    await screen.findByText("https://labs.example.edu/lti/login")
    await button("Copy: Initiate login URL")
    await userEvent.click(await button("Connect the platform"))
    expect(await screen.findAllByText("This is required.")).not.toHaveLength(0)
    await userEvent.type(screen.getByLabelText(/^Platform ID/), "http://moodle.example.edu/")
    await userEvent.click(await button("It is a Moodle: fill in the other addresses"))
    await userEvent.type(screen.getByLabelText(/^Name/), "Moodle")
    await userEvent.type(screen.getByLabelText(/^Client ID/), "abc")
    await userEvent.type(screen.getByLabelText(/^Deployment ID/), "1")
    await userEvent.click(await button("Connect the platform"))
    expect(await screen.findAllByText(/^The address must begin with https:/)).toHaveLength(6)
    const sent = asked.find((request) => request.call === "POST /api/platforms")
    expect(sent?.body).toMatchObject({
      issuer: "http://moodle.example.edu",
      token_url: "http://moodle.example.edu/mod/lti/token.php",
      deployment_ids: ["1"],
    })
  })

  it("keeps what is written in lines as lists", () => {
    const values = {
      ...valuesOf(moodle),
      deployments: " 1 \n\n2\n1 ",
      origins: "https://a.example",
    }
    expect(draftOf(values)).toMatchObject({
      deployment_ids: ["1", "2"],
      origins: ["https://a.example"],
    })
    expect(valuesOf(moodle)).toMatchObject({ deployments: "1", origins: "" })
  })
})

describe("another key set for a known issuer", () => {
  const yes = /I know both platforms/

  it("is added only with an explicit yes, on a page that says what it means", async () => {
    openPage(<ChangePlatform platform={{ ...moodle, state: "active" }} />)
    const keys = await screen.findByLabelText(/^Public keyset URL/)
    await userEvent.clear(keys)
    await userEvent.type(keys, "https://moodle.example.edu/tenant-b/jwks")
    await userEvent.click(await button("Save"))
    const dialog = await screen.findByRole("dialog", {
      name: /keys would allow signing in as users/,
    })
    within(dialog).getByText(/can sign in as everybody who came from there/)
    const confirm = within(dialog).getByRole<HTMLButtonElement>("button", {
      name: "Save the change",
    })
    expect(confirm.disabled).toBe(true)
    await userEvent.click(within(dialog).getByRole("checkbox", { name: yes }))
    await userEvent.click(confirm)
    await waitFor(() =>
      expect(calls()).toContain(`PUT /api/platforms/${moodle.id}?shares_people=true`),
    )
  })

  it("is approved only with it", async () => {
    Object.assign(waiting, { state: "pending", shares_people_with: ["Moodle of the faculty"] })
    openPage(<PlatformPage platformId={waiting.id} page={1} onPage={() => {}} />)
    await userEvent.click(await button("Approve"))
    const dialog = await screen.findByRole("dialog")
    const confirm = within(dialog).getByRole<HTMLButtonElement>("button", { name: "Approve" })
    expect(confirm.disabled).toBe(true)
    await userEvent.click(within(dialog).getByRole("checkbox", { name: yes }))
    await userEvent.click(confirm)
    await waitFor(() =>
      expect(calls()).toContain(`POST /api/platforms/${waiting.id}/approve?shares_people=true`),
    )
  })
})

describe("another issuer", () => {
  it("changed by another operator meanwhile is shown in both versions", async () => {
    const known = platforms[0] as Platform
    const { etag, name } = known
    openPage(<ChangePlatform platform={{ ...known }} />)
    fireEvent.change(await screen.findByLabelText(/^Name/), { target: { value: "Mine" } })
    Object.assign(known, { name: "Theirs", etag: newEtag() })
    await userEvent.click(await button("Save"))
    await screen.findByRole("dialog", { name: "Another version was saved" })
    expect(screen.getByRole("region", { name: /What is saved now$/ }).textContent).toBe("Theirs")
    screen.getByText(/Last change by Grace Hopper/)
    await userEvent.click(await button("Save mine over it"))
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull())
    Object.assign(known, { etag, name })
  })

  it("asks whose people they are before anything is sent", async () => {
    openPage(<ChangePlatform platform={{ ...moodle, state: "active" }} />)
    const issuer = await screen.findByLabelText(/^Platform ID/)
    await userEvent.clear(issuer)
    await userEvent.type(issuer, "https://learn.example.edu")
    await userEvent.click(await button("Save"))
    const dialog = await screen.findByRole("dialog", { name: "Who are its users?" })
    await within(dialog).findByText("412 people keep their accounts, courses and work.")
    within(dialog).getByText(/2 people have worked under both addresses/)
    expect(calls().some((call) => call.startsWith("PUT"))).toBe(false)
    await userEvent.click(within(dialog).getByRole("button", { name: "Save the change" }))
    await waitFor(() => expect(calls()).toContain(`PUT /api/platforms/${moodle.id}?people=same`))
  })
})

describe("invitations", () => {
  it("show their address once, with what to do in Moodle", async () => {
    openPage(<Invitations page={1} onPage={() => {}} />)
    await userEvent.click(await button("Invite a platform"))
    const dialog = await screen.findByRole("dialog")
    await userEvent.click(within(dialog).getByRole("button", { name: "Make the invitation" }))
    within(dialog).getByText("This is required.")
    await userEvent.type(within(dialog).getByLabelText(/^Who is it for/), "École du Nord")
    await userEvent.click(within(dialog).getByRole("button", { name: "Make the invitation" }))
    await within(dialog).findByText(/register\?invitation=s3cret/)
    within(dialog).getByText(/Add LTI Advantage/)
    within(dialog).getByRole("button", { name: "Copy: Tool URL" })
    await userEvent.click(within(dialog).getByRole("button", { name: "Done" }))
    await waitFor(() => expect(screen.queryByText(/s3cret/)).toBeNull())
  })
})

describe("our keys", () => {
  it("rotate with overlap; in haste only when asked for", async () => {
    openPage(<OwnKeys />)
    await userEvent.click(await button("Rotate: Messages to platforms"))
    const dialog = await screen.findByRole("dialog")
    await userEvent.click(within(dialog).getByRole("button", { name: "Rotate" }))
    await within(dialog).findByText("A new key is published already.")
    await userEvent.click(within(dialog).getByRole("checkbox"))
    await userEvent.click(within(dialog).getByRole("button", { name: "Rotate" }))
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull())
    expect(asked.at(-1)?.body).toEqual({ purpose: "platforms", at_once: true })
  })
})
