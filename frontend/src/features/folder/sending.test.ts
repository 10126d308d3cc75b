import { expect, it } from "vitest"
import type { FileSource } from "@/ui/files/files"
import { filesOf, pathsThere } from "./sending"

const file = new Blob(["x"])
const folders: Record<string, string[]> = { "": ["data", "a.csv"], data: ["b.csv"] }
const source = {
  key: [],
  list: async (path: string) => {
    const names = folders[path]
    if (!names) throw { code: "file_missing", status: 404, title: "" }
    return { path, entries: names.map((name) => ({ name })), truncated: false }
  },
} as unknown as FileSource

it("keeps the name of a folder, and an archive as one file", () => {
  const inside = [{ path: "src/a.py", file }]
  expect(filesOf({ kind: "folder", name: "project", files: inside })[0]?.path).toBe(
    "project/src/a.py",
  )
  expect(filesOf({ kind: "folder", name: "", files: inside })[0]?.path).toBe("src/a.py")
  const archive = new File(["x"], "all.zip")
  expect(filesOf({ kind: "archive", file: archive })).toEqual([{ path: "all.zip", file: archive }])
})

it("finds what is there, in folders that are there or not", async () => {
  const files = ["a.csv", "new.csv", "data/b.csv", "data/c.csv", "other/a.csv", "data"].map(
    (path) => ({ path, file }),
  )
  expect(await pathsThere(source, files)).toEqual(["a.csv", "data/b.csv", "data"])
})
