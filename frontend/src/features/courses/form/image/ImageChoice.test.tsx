/** What a chosen image brings comes a moment later; until then nothing may be saved. */
import { MantineProvider } from "@mantine/core"
import { QueryClientProvider } from "@tanstack/react-query"
import { render, screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { beforeAll, describe, expect, it, vi } from "vitest"
import { queryClient } from "@/api/client"
import { startI18n } from "@/lib/i18n"
import { theme } from "@/theme/theme"
import { ImageChoice } from "./ImageChoice"

const IMAGE = { id: "00000000-0000-4000-8000-0000000000a1", title: "OpenSSL practice" }
const BUILD = {
  id: "00000000-0000-4000-8000-0000000000b1",
  number: 1,
  phase: "succeeded",
  queued_at: "2026-11-23T10:00:00Z",
  ended_at: "2026-11-23T10:01:00Z",
}
const page = (items: unknown[]) => ({ items, total: items.length, page: 1, page_size: 50 })
let answerBuilds: (answer: Response) => void

beforeAll(async () => {
  vi.stubGlobal("fetch", async (input: RequestInfo | URL) => {
    const url = new URL(input instanceof Request ? input.url : String(input), location.href)
    const path = url.pathname
    if (path === "/lti/tokens/refresh") {
      return Response.json({ access_token: "x", expires_in: 600, landing: { kind: "dashboard" } })
    }
    if (path === "/api/images") {
      const own = url.searchParams.get("origin") !== "catalogue"
      return Response.json(page(own ? [IMAGE] : []))
    }
    if (path === `/api/images/${IMAGE.id}`) return Response.json(IMAGE)
    return new Promise<Response>((resolve) => {
      answerBuilds = resolve
    })
  })
  await startI18n()
})

describe("choosing an image", () => {
  it("is loading until its newest build is known", async () => {
    const loadings: boolean[] = []
    const onImage = vi.fn()
    render(
      <MantineProvider theme={theme} env="test">
        <QueryClientProvider client={queryClient}>
          <ImageChoice
            imageId={null}
            buildId={null}
            error={undefined}
            onBuild={vi.fn()}
            onImage={onImage}
            onLoading={(loading) => loadings.push(loading)}
          />
        </QueryClientProvider>
      </MantineProvider>,
    )
    await userEvent.click(screen.getByRole("combobox", { name: "Image" }))
    await userEvent.click(await screen.findByRole("option", { name: IMAGE.title }))
    await waitFor(() => expect(loadings.at(-1)).toBe(true))
    expect(onImage).not.toHaveBeenCalled()
    answerBuilds(Response.json(page([BUILD])))
    await waitFor(() => expect(loadings.at(-1)).toBe(false))
    expect(onImage).toHaveBeenCalledWith(IMAGE, BUILD)
  })
})
