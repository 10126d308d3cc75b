/** Both languages are whole, and French is set as French. */
import { describe, expect, it } from "vitest"
import { en } from "./en"
import { fr } from "./fr"

type Texts = { [key: string]: string | Texts }

function flat(texts: Texts, path = ""): [string, string][] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === "string"
      ? [[`${path}${key}`, value] as [string, string]]
      : flat(value, `${path}${key}.`),
  )
}

const english = new Map(flat(en))
const french = new Map(flat(fr))

const placeholders = (text: string) =>
  [...text.matchAll(/{{(\w+)}}/g)].map(([, name]) => name).sort()

describe("the texts", () => {
  it("have the same keys, none empty", () => {
    expect([...french.keys()].sort()).toEqual([...english.keys()].sort())
    for (const [key, text] of [...english, ...french]) expect(text, key).not.toBe("")
  })

  it("name the same facts in both languages", () => {
    for (const [key, text] of english) {
      expect(placeholders(french.get(key) ?? ""), key).toEqual(placeholders(text))
    }
  })

  it("never shout and never say oops", () => {
    for (const [key, text] of [...english, ...french]) {
      expect(text, key).not.toMatch(/[!]|oops|oups/i)
    }
  })

  it("speak no jargon to students", () => {
    for (const [key, text] of [...english, ...french]) {
      if (!/^(window|reason|advice|enter|landing)\./.test(key)) continue
      expect(text, key).not.toMatch(/\b(container|conteneur|swarm|service|pool|node|nœud)s?\b/i)
    }
  })
})

describe("French typography", () => {
  it("keeps double punctuation on its line", () => {
    for (const [key, text] of french) {
      expect(text, key).not.toMatch(/ [;:!?»]/)
      expect(text, key).not.toMatch(/« /)
      expect(text.replace(/https?:/g, ""), key).not.toMatch(/[^\s\u00a0\u202f][;!?»]/)
    }
  })

  it("uses real apostrophes", () => {
    for (const [key, text] of french) expect(text, key).not.toMatch(/\w'\w/)
  })

  it("says vous", () => {
    for (const [key, text] of french)
      expect(text, key).not.toMatch(/(?<!\p{L})(tu|ton|tes|toi)(?!\p{L})/iu)
  })
})
