/** A packed folder is a tar archive that others read. */
import { execFileSync } from "node:child_process"
import { describe, expect, it } from "vitest"
import { tarball } from "./tarball"

/** The Blob of the tests' browser has no `arrayBuffer`. */
function bytesOf(blob: Blob): Promise<Buffer> {
  return new Promise((resolve) => {
    const reader = new FileReader()
    reader.onload = () => resolve(Buffer.from(reader.result as ArrayBuffer))
    reader.readAsArrayBuffer(blob)
  })
}

describe("tarball", () => {
  it("is read by tar, long and accented names included", async () => {
    const long = `${"folder/".repeat(20)}file.txt`
    const archive = tarball([
      { path: "a.txt", file: new Blob(["hello"]) },
      { path: "données/é.csv", file: new Blob(["1;2"]) },
      { path: long, file: new Blob(["x".repeat(600)]) },
    ])
    const bytes = await bytesOf(archive)
    const tar = (...args: string[]) =>
      execFileSync("tar", args, {
        input: bytes,
        env: { LC_ALL: "C.UTF-8", PATH: process.env.PATH },
      })
    expect(tar("-tf", "-").toString().trim().split("\n")).toEqual(["a.txt", "données/é.csv", long])
    expect(tar("-xOf", "-", "a.txt").toString()).toBe("hello")
    expect(tar("-xOf", "-", long).length).toBe(600)
  })
})
