/** A log is searched by its lines and downloaded whole. */
import { MantineProvider } from "@mantine/core"
import { render, screen } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { beforeAll, expect, it, vi } from "vitest"
import { startI18n } from "@/lib/i18n"
import { LogText } from "./LogText"

const LOG = "Serving at port 8888\nSlow kernel\nserving again"

beforeAll(startI18n)

function show(text: string) {
  render(
    <MantineProvider env="test">
      <LogText text={text} />
    </MantineProvider>,
  )
}

it("shows the lines that match, and how many", async () => {
  show(LOG)
  await userEvent.type(screen.getByLabelText("Search the lines"), "SERVING")
  expect(screen.getByRole("region").textContent).toBe("Serving at port 8888\nserving again")
  expect(screen.getByRole("status").textContent).toBe("2 lines match.")
  await userEvent.type(screen.getByLabelText("Search the lines"), " nowhere")
  expect(screen.getByRole("status").textContent).toBe("0 lines match.")
})

it("downloads all lines, whatever is searched", async () => {
  const blobs: Blob[] = []
  vi.stubGlobal(
    "URL",
    Object.assign(URL, {
      createObjectURL: (blob: Blob) => {
        blobs.push(blob)
        return "blob:log"
      },
      revokeObjectURL: () => undefined,
    }),
  )
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined)
  show(LOG)
  await userEvent.type(screen.getByLabelText("Search the lines"), "slow")
  await userEvent.click(screen.getByRole("button", { name: "Download" }))
  expect(blobs[0]?.size).toBe(LOG.length)
})

it("says that nothing was printed yet", () => {
  show("")
  expect(screen.queryByRole("region")).toBeNull()
})
