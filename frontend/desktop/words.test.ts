/** Which words a desktop's page chooses. */
import { describe, expect, it } from "vitest"
import { endOf, languageOf, words } from "./words"

describe("the page of a desktop", () => {
  it.each([
    [["fr-CA", "en"], "fr"],
    [["de", "fr"], "fr"],
    [["en-GB", "fr"], "en"],
    [["de"], "en"],
    [[], "en"],
  ])("speaks the first language it knows of %j", (asked, spoken) => {
    expect(languageOf(asked)).toBe(spoken)
  })

  it.each([
    [4000, "silent", "silent"],
    [4000, "door_restarts", "away"],
    [4000, "restarted", "ended"],
    [4000, "something new", "lost"],
    [1001, "", "away"],
    [1006, "", "lost"],
    [1000, "silent", "lost"],
  ])("has a sentence for an end with %i %s", (code, reason, end) => {
    expect(endOf(code, reason)).toBe(end)
    expect(words.end[endOf(code, reason)]).toBeTruthy()
  })
})
