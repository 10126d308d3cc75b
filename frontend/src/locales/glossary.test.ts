/** docs/glossary.md names the words that screens show; it and the texts change together. */
import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { en } from "./en"
import { fr } from "./fr"

const glossary = readFileSync("../docs/glossary.md", "utf8")
const values = glossary.slice(glossary.indexOf("## Values"))

function textAt(texts: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], texts)
}

const sections = values
  .split(/^### /m)
  .slice(1)
  .map((section) => ({
    title: section.split("\n")[0] ?? "",
    path: /Screens: `([\w.]+)`/.exec(section)?.[1] ?? "",
    rows: [...section.matchAll(/^\| `(\w+)` \| .* \| ([^|]+) \| ([^|]+) \|$/gm)].map(
      ([, value, english, french]) => ({ value, english, french }),
    ),
  }))

describe("the glossary", () => {
  it("has sections of values", () => {
    expect(sections.length).toBeGreaterThanOrEqual(7)
  })

  it.each(sections)("says what screens say: $title", ({ path, rows }) => {
    expect(rows.length).toBeGreaterThan(1)
    for (const { value, english, french } of rows) {
      expect(textAt(en, `${path}.${value}`), `${path}.${value}`).toBe(english)
      expect(textAt(fr, `${path}.${value}`), `${path}.${value}`).toBe(french)
    }
  })
})
