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

const unused = [...glossary.matchAll(/^\| (English|French) \| ([^|]+) \| [^|]+ \|$/gm)].map(
  ([, language, words = ""]) => ({
    language,
    texts: language === "English" ? en : fr,
    pattern: new RegExp(`(?<![\\p{L}{<.])(${words.replaceAll(", ", "|")})(?![\\p{L}}>])`, "iu"),
  }),
)

/** Every text without what it quotes, with its key. */
function textsOf(node: unknown, key = ""): [string, string][] {
  if (typeof node === "string") return [[key, node.replaceAll(/“[^”]*”|«[^»]*»/g, "")]]
  return Object.entries(node as object).flatMap(([name, part]) => textsOf(part, `${key}.${name}`))
}

describe("words that screens do not use", () => {
  it("are listed", () => expect(unused.length).toBeGreaterThanOrEqual(5))

  it.each(unused)("stand in no text: $language $pattern", ({ texts, pattern }) => {
    expect(textsOf(texts).filter(([, text]) => pattern.test(text))).toEqual([])
  })
})
