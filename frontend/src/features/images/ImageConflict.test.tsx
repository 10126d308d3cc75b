/** An Image that another tab changes while its form is open, against the fake api. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { fireEvent, screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { beforeAll, beforeEach, expect, it } from "vitest"
import { queryClient } from "@/api/client"
import type { Image } from "@/api/types"
import { startI18n } from "@/lib/i18n"
import { newEtag } from "@/mocks/answers"
import { builds, images } from "@/mocks/db"
import { answerWithFakeApi, openPage } from "@/test-page"
import { ImageEditor } from "./ImageEditor"
import { imageOf } from "./images"

const image = images[0] as Image
const AS_IT_WAS = structuredClone(image)

beforeAll(async () => {
  answerWithFakeApi()
  await startI18n()
})

beforeEach(() => {
  Object.assign(image, structuredClone(AS_IT_WAS), { etag: newEtag() })
  queryClient.clear()
})

function Editor() {
  const { data } = useSuspenseQuery(imageOf(image.id))
  return (
    <ImageEditor
      image={data}
      view={{ section: "general" }}
      onView={() => {}}
      showTrial={() => null}
    />
  )
}

const write = async (value: string) =>
  fireEvent.change(await screen.findByLabelText(/^Title/), { target: { value } })
const press = async (name: string) =>
  userEvent.click(await screen.findByRole("button", { name: new RegExp(`^${name}$`) }))
const value = (name: string) => screen.getByRole("region", { name }).textContent

it("shows of two long Dockerfiles the lines that differ, and builds nothing before the answer", async () => {
  const before = builds.length
  const lines = Array.from({ length: 30 }, (_, at) => `RUN step ${at}`)
  image.dockerfile = ["FROM debian:12", ...lines].join("\n")
  openPage(<Editor />)
  await write("Mine")
  const changed = lines.with(20, "RUN another step")
  const dockerfile = ["FROM debian:12", ...changed].join("\n")
  Object.assign(image, { dockerfile, title: "Theirs", etag: newEtag() })
  await press("Save and build")
  await screen.findByRole("dialog")
  expect(value("Title, What is saved now")).toBe("Theirs")
  screen.getByText("Also changed meanwhile, and kept as saved: Dockerfile.")
  expect(builds).toHaveLength(before)
  await press("Save mine over it")
  await waitFor(() => expect(image.title).toBe("Mine"))
  expect(image.dockerfile).toBe(dockerfile)
})

it("is deleted in the version that was read", async () => {
  openPage(<Editor />)
  await press("Actions for JupyterLab for statistics")
  await userEvent.click(await screen.findByText("Delete"))
  Object.assign(image, { title: "Theirs", etag: newEtag() })
  await press("Delete the image")
  await screen.findByText(/^It was changed after you opened this page/)
  expect(images).toContain(image)
  await screen.findByText("Delete “Theirs”?")
})
