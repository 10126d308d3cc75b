/** What every screen shows of the institution. */
import { MantineProvider } from "@mantine/core"
import { QueryClientProvider } from "@tanstack/react-query"
import { render, screen } from "@testing-library/react"
import { beforeAll, beforeEach, expect, it } from "vitest"
import { queryClient } from "@/api/client"
import { chooseLanguage, startI18n } from "@/lib/i18n"
import { InstitutionBar } from "./InstitutionBar"
import { institution } from "./institution"

beforeAll(() => startI18n())
beforeEach(() => queryClient.clear())

const WORDS = {
  name: "École",
  colour: "#0055aa",
  logo: null,
  help_url: "https://help.example.org/",
  support_url: "mailto:support@example.org",
  announcements: [{ text_en: "Closed on Friday", text_fr: "Fermé vendredi", important: true }],
}

function show(words: object) {
  queryClient.setQueryData(institution().queryKey, words as never)
  return render(
    <QueryClientProvider client={queryClient}>
      <MantineProvider env="test">
        <InstitutionBar />
      </MantineProvider>
    </QueryClientProvider>,
  )
}

it("shows name, links and announcements in the reader's language", async () => {
  await chooseLanguage("fr")
  show(WORDS)
  expect(screen.getByText("École")).toBeTruthy()
  expect(screen.getByRole("link", { name: "Aide" }).getAttribute("href")).toBe(WORDS.help_url)
  expect(screen.getByRole("link", { name: "Assistance" }).getAttribute("rel")).toContain("noopener")
  expect(screen.getByText("Fermé vendredi")).toBeTruthy()
})

it("shows nothing where nothing was said", () => {
  const empty = { name: "", colour: null, logo: null, help_url: null, support_url: null }
  const { container } = show({ ...empty, announcements: [] })
  expect(container.querySelector("aside, section, img")).toBeNull()
})
