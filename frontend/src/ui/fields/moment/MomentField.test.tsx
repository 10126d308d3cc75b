/** A field for a date and its time is in the language of the page, and shows what is saved. */
import { MantineProvider } from "@mantine/core"
import { render, screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import axe from "axe-core"
import { useState } from "react"
import { beforeAll, beforeEach, expect, it, vi } from "vitest"
import { chooseLanguage, startI18n } from "@/lib/i18n"
import { theme } from "@/theme/theme"
import { MomentField } from "./MomentField"

beforeAll(startI18n)
beforeEach(() => chooseLanguage("fr"))

const saved = vi.fn()

function Form({ initial }: { initial: string }) {
  const [value, setValue] = useState(initial)
  const change = (next: string) => {
    saved(next)
    setValue(next)
  }
  return (
    <MantineProvider theme={theme}>
      <MomentField label="Début" value={value} onChange={change} />
    </MantineProvider>
  )
}

const field = () => screen.getByLabelText("Début") as HTMLInputElement

it("shows and reads the form of the page's language", async () => {
  render(<Form initial="2026-11-30T14:00" />)
  expect(field().value).toBe("30/11/2026 14:00")
  await userEvent.clear(field())
  expect(saved).toHaveBeenLastCalledWith("")
  await userEvent.type(field(), "1/12/2026 8h30")
  expect(saved).toHaveBeenLastCalledWith("2026-12-01T08:30")
  await userEvent.tab()
  expect(field().value).toBe("01/12/2026 08:30")
})

it("says what it cannot read, and shows what is saved", async () => {
  render(<Form initial="2026-11-30T14:00" />)
  await userEvent.type(field(), " demain")
  await userEvent.tab()
  expect(screen.getByText(/« 30\/11\/2026 14:00 demain » n’est pas une date/)).toBeTruthy()
  expect(field().value).toBe("30/11/2026 14:00")
})

it("offers a calendar by keyboard, which keeps the time of day", async () => {
  render(<Form initial="2026-11-30T14:00" />)
  await userEvent.click(screen.getByRole("button", { name: "Choisir dans un calendrier" }))
  const day = await screen.findByRole("button", { name: /^24 novembre 2026/ })
  expect(await screen.findByRole("button", { name: "Mois suivant" })).toBeTruthy()
  const { violations } = await axe.run(document.body, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  })
  expect(violations).toEqual([])
  day.focus()
  await userEvent.keyboard("{Enter}")
  expect(saved).toHaveBeenLastCalledWith("2026-11-24T14:00")
  await waitFor(() => expect(field().value).toBe("24/11/2026 14:00"))
})
