/** An operator reads which Docker a machine runs, and which API version is spoken with it. */
import { render } from "@testing-library/react"
import { beforeAll, describe, expect, it } from "vitest"
import { startI18n } from "@/lib/i18n"
import { NodeEngine } from "./NodeEngine"

beforeAll(startI18n)

function shown(engine_version: string, api_version: string | null) {
  return render(<NodeEngine node={{ engine_version, api_version }} />).container.textContent
}

describe("the engine of a machine", () => {
  it("is named with the API version where the platform speaks to it", () => {
    expect(shown("28.5.2", "1.51")).toBe("Docker 28.5.2 · API 1.51")
  })
  it("is named alone on other machines", () => {
    expect(shown("20.10.24+dfsg1", null)).toBe("Docker 20.10.24+dfsg1")
  })
  it("is not named where it told nothing", () => {
    expect(shown("", null)).toBe("")
  })
})
