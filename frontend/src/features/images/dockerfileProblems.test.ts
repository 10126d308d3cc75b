/** What the editor marks while a Dockerfile is typed. */
import { describe, expect, it } from "vitest"
import { dockerfileProblems, instructionsOf } from "./dockerfileProblems"

const t = ((key: string) => key) as unknown as Parameters<typeof dockerfileProblems>[1]
const lines = (text: string) => dockerfileProblems(text, t).map(({ line }) => line)

describe("a Dockerfile", () => {
  it("that is right has no mark", () => {
    expect(lines("# base\nARG V=12\nFROM debian:12\nRUN a \\\n && b\nCMD x\n")).toEqual([])
  })
  it("begins with FROM", () => {
    expect(lines("RUN apt-get update\nFROM debian:12\n")).toEqual([1])
    expect(lines("")).toEqual([1])
  })
  it("knows its instructions", () => {
    expect(lines("FROM debian:12\nRUM apt-get update\nCOPY\n")).toEqual([2, 3])
  })
  it("joins lines that go on", () => {
    expect(instructionsOf("FROM a\nRUN x \\\n  # why\n  y\n")).toMatchObject([
      { line: 1, word: "FROM", rest: "a" },
      { line: 2, word: "RUN", rest: "x y" },
    ])
  })
})
