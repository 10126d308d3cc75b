import { expect, it } from "vitest"
import { textDiff } from "./textDiff"

const kinds = (before: string, after: string) =>
  textDiff(before, after).map(({ kind, text }) => (kind === "gap" ? kind : text))

it("shows nothing of equal texts", () => {
  expect(textDiff("FROM debian:12\n", "FROM debian:12\n")).toEqual([])
  expect(textDiff("", "")).toEqual([])
})

it("shows changed lines with three lines around them", () => {
  const lines = Array.from({ length: 12 }, (_, at) => `RUN step ${at}`)
  const changed = lines.with(6, "RUN another")
  expect(kinds(`${lines.join("\n")}\n`, `${changed.join("\n")}\n`)).toEqual([
    "gap",
    " RUN step 3",
    " RUN step 4",
    " RUN step 5",
    "-RUN step 6",
    "+RUN another",
    " RUN step 7",
    " RUN step 8",
    " RUN step 9",
  ])
})

it("leaves out the remark about a missing newline", () => {
  expect(kinds("a", "b")).toEqual(["gap", "-a", "+b"])
})

it("shows text that looks like a header or like markup as it is", () => {
  expect(kinds("--- a\n", "<b>+++</b>\n")).toEqual(["gap", "---- a", "+<b>+++</b>"])
})
