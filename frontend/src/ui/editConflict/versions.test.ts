import { describe, expect, it } from "vitest"
import { compare, excerpts, same } from "./versions"

const BASE = { title: "A", text: "", ports: [{ number: 1 }], lease: { minutes: 1, sound: true } }

describe("compare", () => {
  it("finds nothing where nothing differs", () => {
    const comparison = compare(BASE, BASE, structuredClone(BASE), ["lease"])
    expect(comparison).toEqual({
      merged: BASE,
      differing: [],
      takenOver: [],
      changedByThem: false,
    })
  })

  it("names what was written here and is saved otherwise, and nothing else", () => {
    const mine = { ...BASE, title: "Mine", text: "Both" }
    const theirs = { ...BASE, title: "Theirs", text: "Both" }
    expect(compare(BASE, mine, theirs).differing).toEqual([
      { path: "title", mine: "Mine", theirs: "Theirs" },
    ])
  })

  it("keeps what the other edit alone changed", () => {
    const mine = { ...BASE, title: "Mine" }
    const theirs = { ...BASE, ports: [{ number: 2 }] }
    const comparison = compare(BASE, mine, theirs)
    expect(comparison.merged).toEqual({ ...BASE, title: "Mine", ports: [{ number: 2 }] })
    expect(comparison.takenOver).toEqual(["ports"])
    expect(comparison.differing).toEqual([{ path: "title", mine: "Mine", theirs: "A" }])
    expect(comparison.changedByThem).toBe(true)
  })

  it("compares the fields of a group one by one", () => {
    const mine = { ...BASE, lease: { minutes: 2, sound: true } }
    const theirs = { ...BASE, lease: { minutes: 3, sound: false } }
    const comparison = compare(BASE, mine, theirs, ["lease"])
    expect(comparison.differing).toEqual([{ path: "lease.minutes", mine: 2, theirs: 3 }])
    expect(comparison.takenOver).toEqual(["lease.sound"])
    expect(comparison.merged.lease).toEqual({ minutes: 2, sound: false })
  })

  it("counts an absent field as null, and no order of keys", () => {
    expect(same({ a: 1, b: null }, { a: 1 })).toBe(true)
    expect(same({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true)
    expect(same([1, 2], [2, 1])).toBe(false)
    expect(same(0, null)).toBe(false)
    expect(same("", null)).toBe(false)
  })

  it("can empty a field", () => {
    const base = { most: 3 as number | null }
    const comparison = compare(base, { most: null }, { most: 4 })
    expect(comparison.differing).toEqual([{ path: "most", mine: null, theirs: 4 }])
    expect(comparison.merged).toEqual({ most: null })
  })
})

describe("excerpts", () => {
  const lines = (count: number) => Array.from({ length: count }, (_, at) => `line ${at + 1}`)

  it("shows short texts whole", () => {
    expect(excerpts("a\nb", "a\nc")).toEqual(["a\nb", "a\nc"])
  })

  it("shows of long ones the lines that differ, with some ordered", () => {
    const [mine, theirs] = [lines(40), lines(40)]
    mine[19] = "mine"
    theirs.splice(19, 1, "theirs", "more")
    const ordered = (middle: string[]) =>
      ["…", "line 18", "line 19", ...middle, "line 21", "line 22", "…"].join("\n")
    expect(excerpts(mine.join("\n"), theirs.join("\n"))).toEqual([
      ordered(["mine"]),
      ordered(["theirs", "more"]),
    ])
  })

  it("shows what is longer at an end", () => {
    const [mine, theirs] = excerpts(lines(15).join("\n"), lines(14).join("\n"))
    expect(mine).toBe(["…", "line 13", "line 14", "line 15"].join("\n"))
    expect(theirs).toBe(["…", "line 13", "line 14"].join("\n"))
  })
})
