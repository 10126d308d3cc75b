/** CK-10: Moodle's frame grants no clipboard; copying must find another way, and say when none. */
import { afterEach, describe, expect, it, vi } from "vitest"
import { copyText } from "./clipboard"

function frame(allows: boolean, copies: boolean) {
  const write = vi.fn(async () => undefined)
  vi.stubGlobal("navigator", { clipboard: { writeText: write } })
  Object.assign(document, {
    featurePolicy: { allowsFeature: () => allows },
    execCommand: () => copies,
  })
  return write
}

afterEach(() => vi.unstubAllGlobals())

describe("CK-10 copying in the platform's frame", () => {
  it("uses the clipboard where it may", async () => {
    const write = frame(true, false)
    expect(await copyText("secret")).toBe(true)
    expect(write).toHaveBeenCalledWith("secret")
  })

  it("copies a selection where the frame forbids the clipboard, without trying it", async () => {
    const write = frame(false, true)
    expect(await copyText("secret")).toBe(true)
    expect(write).not.toHaveBeenCalled()
    expect(document.querySelector("textarea")).toBeNull()
  })

  it("says that nothing worked, so that the person copies by hand", async () => {
    frame(false, false)
    expect(await copyText("secret")).toBe(false)
  })
})
