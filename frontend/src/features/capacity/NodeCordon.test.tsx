/** An operator reads why a machine takes no new environments, in words and exactly. */
import { MantineProvider } from "@mantine/core"
import { render, screen } from "@testing-library/react"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Cordon } from "@/api/types"
import { chooseLanguage, type Language, startI18n } from "@/lib/i18n"
import { isUnchecked, NodeCordon } from "./NodeCordon"

beforeAll(startI18n)
afterAll(() => chooseLanguage("en"))

const SAID: Record<string, Record<Cordon["cause"], RegExp>> = {
  en: {
    not_checked: /checks have not run yet/,
    checks_failed: /checks failed/,
    hardening_differs: /did not apply the security settings/,
    by_hand: /An operator took it out/,
    leaving: /does not need it any more/,
    not_recorded: /was not recorded/,
  },
  fr: {
    not_checked: /pas encore eu lieu/,
    checks_failed: /vérifications ont échoué/,
    hardening_differs: /n’a pas appliqué les réglages de sécurité/,
    by_hand: /Un administrateur l’a retiré/,
    leaving: /n’en a plus besoin/,
    not_recorded: /n’a pas été enregistrée/,
  },
}

describe.each(Object.entries(SAID))("the cause of a cordon, in %s", (language, said) => {
  it.each(Object.entries(said))("%s is a sentence", async (cause, sentence) => {
    await chooseLanguage(language as Language)
    const cordon = { cause: cause as Cordon["cause"], detail: "firewall: not in force" }
    render(<NodeCordon name="cpu2" cordon={cordon} />, { wrapper: MantineProvider })
    expect(screen.getByText(sentence)).toBeTruthy()
    expect(screen.getByText("firewall: not in force")).toBeTruthy()
    // A machine that leaves is not to be checked again.
    expect(screen.queryAllByText(/admit cpu2/)).toHaveLength(cause === "leaving" ? 0 : 1)
  })
})

it("tells checks that have not passed from a machine that was closed since", () => {
  const unchecked = (cause: Cordon["cause"]) => isUnchecked({ cordon: { cause, detail: "" } })
  expect(unchecked("checks_failed")).toBe(true)
  expect(unchecked("by_hand")).toBe(false)
  expect(unchecked("hardening_differs")).toBe(false)
})
