/** The picker notices when its answer does not leave for the LMS. */
import { MantineProvider } from "@mantine/core"
import { act, render, screen } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { startI18n } from "@/lib/i18n"
import { theme } from "@/theme/theme"
import { goBack } from "./deepLinking"
import { Return } from "./Return"

const answer = { return_url: "http://moodle.example.edu/mod/lti/return?sesskey=s3cret", jwt: "j" }
const posted: { action: string; jwt: string }[] = []

beforeAll(() => startI18n())

beforeEach(() => {
  posted.length = 0
  vi.spyOn(HTMLFormElement.prototype, "submit").mockImplementation(function (
    this: HTMLFormElement,
  ) {
    posted.push({ action: this.action, jwt: String(new FormData(this).get("JWT")) })
  })
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** What a browser reports when the page's policy forbids something. */
function violation(effectiveDirective: string) {
  document.dispatchEvent(
    Object.assign(new Event("securitypolicyviolation"), { effectiveDirective }),
  )
}

function open() {
  render(
    <MantineProvider theme={theme} env="test">
      <Return answer={answer} />
    </MantineProvider>,
  )
}

describe("the way back to the LMS", () => {
  it("posts the answer once and says nothing while it works", () => {
    open()
    expect(posted).toEqual([{ action: answer.return_url, jwt: "j" }])
    violation("img-src")
    expect(screen.queryByRole("alert")).toBeNull()
  })

  it("says which address the page may not send forms to", () => {
    open()
    act(() => violation("form-action"))
    const said = screen.getByRole("alert").textContent
    expect(said).toContain("blocked sending the choice to your course space")
    expect(said).toContain("http://moodle.example.edu.")
    expect(said).not.toContain("s3cret")
  })

  it("says when nothing comes back, and sends it again", async () => {
    vi.useFakeTimers()
    open()
    act(() => vi.advanceTimersByTime(60_000))
    vi.useRealTimers()
    expect(screen.getByRole("alert").textContent).toContain("Your course space does not answer")
    await userEvent.click(screen.getByRole("button", { name: "Send it again" }))
    expect(posted).toHaveLength(2)
    expect(screen.queryByRole("alert")).toBeNull()
  })

  it("stops watching when the page is left", () => {
    vi.useFakeTimers()
    const onStuck = vi.fn()
    goBack(answer, onStuck)()
    vi.advanceTimersByTime(60_000)
    violation("form-action")
    expect(onStuck).not.toHaveBeenCalled()
  })
})
