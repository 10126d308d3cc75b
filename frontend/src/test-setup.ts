/** What jsdom lacks and Mantine asks for. */
import { cleanup, configure } from "@testing-library/react"
import { afterEach, vi } from "vitest"

afterEach(cleanup)

Object.defineProperty(window, "matchMedia", {
  writable: true,
  value: vi.fn().mockImplementation((query: string) => ({
    matches: false,
    media: query,
    onchange: null,
    addListener: vi.fn(),
    removeListener: vi.fn(),
    addEventListener: vi.fn(),
    removeEventListener: vi.fn(),
    dispatchEvent: vi.fn(),
  })),
})

class NoResizes {
  observe() {}
  unobserve() {}
  disconnect() {}
}
window.ResizeObserver = NoResizes as unknown as typeof ResizeObserver

// Fields that grow with their text measure it again when a font arrives; jsdom has no fonts.
Object.defineProperty(document, "fonts", { value: new EventTarget(), configurable: true })

// A machine that does other work too takes longer than a second.
configure({ asyncUtilTimeout: 10_000 })
