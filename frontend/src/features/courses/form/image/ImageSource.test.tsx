/** A Course may run an image of another registry, where the operator allows one. */
import { MantineProvider } from "@mantine/core"
import { QueryClientProvider } from "@tanstack/react-query"
import { render, screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { useState } from "react"
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { queryClient } from "@/api/client"
import { startI18n } from "@/lib/i18n"
import { theme } from "@/theme/theme"
import { ImageSource } from "./ImageSource"

const DIGEST = `sha256:${"ab".repeat(32)}`
let allowed: string[] = []

beforeAll(async () => {
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const request =
      input instanceof Request ? input : new Request(new URL(String(input), location.href), init)
    const { pathname } = new URL(request.url)
    if (pathname === "/lti/tokens/refresh") {
      return Response.json({ access_token: "x", expires_in: 600, landing: { kind: "dashboard" } })
    }
    if (pathname === "/api/image-registries") return Response.json({ items: allowed })
    if (pathname === "/api/image-references") {
      const { reference } = await request.json()
      if (reference === "debian:12") {
        const pinned = `docker.io/library/debian@${DIGEST}`
        return Response.json({ reference: "docker.io/library/debian:12", pinned })
      }
      const fields = [{ field: "external_image", code: "registry_not_allowed", message: "" }]
      return Response.json({ code: "fields_invalid", status: 422, fields }, { status: 422 })
    }
    return Response.json({ items: [], total: 0, page: 1, page_size: 50 })
  })
  await startI18n()
})
beforeEach(() => queryClient.clear())

const changes: (string | null)[] = []

function Form() {
  const [reference, setReference] = useState<string | null>(null)
  return (
    <ImageSource
      imageId={null}
      buildId={null}
      error={undefined}
      onBuild={vi.fn()}
      onImage={vi.fn()}
      onLoading={vi.fn()}
      reference={reference}
      referenceError={undefined}
      onReference={(next) => {
        changes.push(next)
        setReference(next)
      }}
    />
  )
}

const show = () =>
  render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queryClient}>
        <Form />
      </QueryClientProvider>
    </MantineProvider>,
  )

describe("what a course runs", () => {
  it("is a build where no registry is allowed", async () => {
    allowed = []
    show()
    await waitFor(() => expect(queryClient.isFetching()).toBe(0))
    expect(screen.queryByText("An image of another registry")).toBeNull()
    expect(screen.getByRole("combobox", { name: "Image" })).toBeTruthy()
  })

  it("is looked up by its reference, and refused with a sentence", async () => {
    allowed = ["docker.io/library"]
    show()
    await userEvent.click(await screen.findByText("An image of another registry"))
    const field = screen.getByRole("textbox", { name: "Reference of the image" })
    await userEvent.type(field, "quay.io/a")
    await userEvent.click(screen.getByRole("button", { name: "Look it up" }))
    await screen.findByText(/does not allow images from there/)
    await userEvent.clear(field)
    await userEvent.type(field, "debian:12")
    expect(screen.queryByText(/does not allow/)).toBeNull()
    await userEvent.click(screen.getByRole("button", { name: "Look it up" }))
    await screen.findByText(DIGEST)
    await userEvent.click(screen.getByText("An image of the platform"))
    expect(changes.at(-1)).toBeNull()
  })
})
