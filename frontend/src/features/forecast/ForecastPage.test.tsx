/** Operators and teachers read the forecast, and follow a session to where it is changed. */
import { configure, screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import axe from "axe-core"
import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { queryClient } from "@/api/client"
import { chooseLanguage, startI18n } from "@/lib/i18n"
import { answerWithFakeApi, openPage } from "@/test-page"
import { OperatorForecast, TeacherForecast } from "./ForecastPage"
import { viewOf } from "./forecast"

configure({ asyncUtilTimeout: 10_000 })

beforeAll(async () => {
  answerWithFakeApi()
  await startI18n()
})

beforeEach(() => queryClient.clear())

const sessions = async (name: string) => within(await screen.findByRole("table", { name }))

describe("the forecast", () => {
  it("shows a teacher the sessions, without requests of others", async () => {
    await chooseLanguage("en")
    const router = openPage(<TeacherForecast view={{}} onView={() => {}} />)
    const [link] = await (await sessions("Sessions")).findAllByRole("link")
    expect(screen.getByText(/what all others need is one sum/)).toBeTruthy()
    expect(screen.queryByText(/asks? for room/)).toBeNull()
    const { violations } = await axe.run(document.body, {
      rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    })
    expect(violations).toEqual([])
    await userEvent.click(link as HTMLElement)
    await waitFor(() => expect(router.state.location.pathname).toMatch(/courses\/.*\/sessions$/))
    expect(router.state.location.search).toHaveProperty("session")
  })

  it("lets operators decide about requests, in French too", async () => {
    await chooseLanguage("fr")
    openPage(<OperatorForecast view={{}} onView={() => {}} />)
    expect(await sessions("2 séances demandent de la place")).toBeTruthy()
    expect(screen.getAllByRole("button", { name: /^Donner la place/ }).length).toBe(2)
    expect(await sessions("Séances")).toBeTruthy()
  })

  it("is moved by a day, a week or a month, and by pool", async () => {
    await chooseLanguage("en")
    const views: unknown[] = []
    openPage(<TeacherForecast view={{}} onView={(view) => views.push(view)} />)
    await userEvent.click(await screen.findByRole("radio", { name: "Day" }))
    await userEvent.click(screen.getByRole("button", { name: "Later" }))
    expect(views[0]).toEqual({ span: "day" })
    expect(views[1]).toHaveProperty("from")
  })
})

describe("the address of a forecast", () => {
  it("leaves out what is no value", () => {
    expect(viewOf({ pool: 3, span: "year", from: "soon" })).toEqual({})
    const view = { pool: "gpu", span: "day", from: "2026-12-01" }
    expect(viewOf(view)).toEqual(view)
  })
})
