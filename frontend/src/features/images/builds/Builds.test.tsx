/** The builds of an Image: one more without cache, against the fake api. */
import { screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { beforeAll, beforeEach, expect, it } from "vitest"
import { queryClient } from "@/api/client"
import type { Image } from "@/api/types"
import { startI18n } from "@/lib/i18n"
import { builds, images } from "@/mocks/db"
import { startedWithoutCache } from "@/mocks/images/fakeBuilds"
import { answerWithFakeApi, openPage } from "@/test-page"
import { ImageEditor } from "../ImageEditor"

const image = images[0] as Image

beforeAll(async () => {
  answerWithFakeApi()
  await startI18n()
})

beforeEach(() => queryClient.clear())

it("builds without cache what is saved, and shows that build", async () => {
  const before = builds.length
  let shown: string | undefined
  openPage(
    <ImageEditor
      image={image}
      view={{ section: "builds" }}
      showTrial={() => null}
      onView={(view) => {
        shown = view.build
      }}
    />,
  )
  const button = await screen.findByRole("button", { name: "Build without cache" })
  await userEvent.click(button)
  await waitFor(() => expect(builds).toHaveLength(before + 1))
  const begun = builds.at(-1)?.id
  await waitFor(() => expect(shown).toBe(begun))
  expect(startedWithoutCache).toEqual([begun])
})
