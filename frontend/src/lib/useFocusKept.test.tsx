/** The focus stays in a region whose button goes away, and is left alone elsewhere. */
import { render, screen } from "@testing-library/react"
import { useRef } from "react"
import { expect, it } from "vitest"
import { useFocusKept } from "./useFocusKept"

function Region({ busy }: { busy: boolean }) {
  const region = useRef<HTMLElement>(null)
  useFocusKept(region)
  return (
    <>
      <section ref={region} tabIndex={-1} aria-label="state">
        {!busy && <button type="button">Start</button>}
      </section>
      {!busy && <button type="button">Elsewhere</button>}
    </>
  )
}

it.each([
  ["Start", () => screen.getByRole("region", { name: "state" })],
  ["Elsewhere", () => document.body],
])("after %s went away", (name, expected) => {
  const { rerender } = render(<Region busy={false} />)
  screen.getByRole("button", { name }).focus()
  rerender(<Region busy />)
  expect(document.activeElement).toBe(expected())
})
