/** A spoken name holds the words that are seen (WCAG 2.5.3): people who speak to their computer say
 * what they read. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import { en } from "./en"
import { fr } from "./fr"

const ELEMENT =
  /<(Button|Anchor|a|Link|UnstyledButton)\b((?:[^<>]|=>|<[^<>]*\/>)*?)>\s*\{t\("([\w.]+)"\)\}\s*<\//g
const LABEL = /aria-label=\{t\("([\w.]+)"/

function textOf(texts: object, key: string): string {
  let at: unknown = texts
  for (const part of key.split(".")) at = (at as Record<string, unknown> | undefined)?.[part]
  return typeof at === "string" ? at : ""
}

it("holds in both languages", () => {
  const wrong: string[] = []
  let pairs = 0
  const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  for (const file of files.filter((name) => name.endsWith(".tsx"))) {
    const source = readFileSync(join("src", file), "utf8")
    for (const [, , attributes, seen] of source.matchAll(ELEMENT)) {
      const spoken = LABEL.exec(attributes ?? "")?.[1]
      if (!spoken || !seen) continue
      pairs += 1
      for (const texts of [en, fr]) {
        const [name, words] = [textOf(texts, spoken), textOf(texts, seen).replace(/…$/, "")]
        if (!name.toLowerCase().includes(words.toLowerCase())) {
          wrong.push(`${file}: ${spoken} “${name}” lacks “${words}”`)
        }
      }
    }
  }
  expect(pairs).toBeGreaterThan(20)
  expect(wrong).toEqual([])
})
