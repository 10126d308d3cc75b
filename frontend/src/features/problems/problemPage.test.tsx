/** The page of a refusal: what happened, what to do, who answers it; in both languages. */
import { MantineProvider } from "@mantine/core"
import { render, screen } from "@testing-library/react"
import { beforeAll, describe, expect, it, vi } from "vitest"
import { chooseLanguage, type Language, startI18n } from "@/lib/i18n"
import { theme } from "@/theme/theme"
import { ProblemPage } from "./ProblemPage"

vi.mock("@/ui/page/NotFoundPage", () => ({ NotFoundPage: () => <h1>nothing here</h1> }))

beforeAll(async () => {
  await startI18n()
})

async function open(code: string, language: Language) {
  await chooseLanguage(language)
  render(
    <MantineProvider theme={theme}>
      <ProblemPage code={code} />
    </MantineProvider>,
  )
}

describe("the page of a refusal", () => {
  it("says in English what happened and which operations answer it", async () => {
    await open("courses_full", "en")
    expect(screen.getByText("You have ‹most› courses, the maximum. Delete one first.")).toBeTruthy()
    expect(screen.getByText("create_course")).toBeTruthy()
    expect(screen.getByText(/change what stands in the way/)).toBeTruthy()
  })

  it("says the same in French", async () => {
    await open("too_many_requests", "fr")
    expect(screen.getByRole("heading", { level: 1 })).toHaveProperty(
      "textContent",
      "Pourquoi une requête a été refusée",
    )
    expect(screen.getByText(/Beaucoup d’opérations/)).toBeTruthy()
    expect(screen.getByText(/en-tête Retry-After/)).toBeTruthy()
  })

  it("knows no other code", async () => {
    await open("constructor", "en")
    expect(screen.getByText("nothing here")).toBeTruthy()
  })
})
