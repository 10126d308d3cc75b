/** A Course that another tab changes while its form is open, against the fake api. */
import { useSuspenseQuery } from "@tanstack/react-query"
import { fireEvent, screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { beforeAll, beforeEach, describe, expect, it } from "vitest"
import { queryClient } from "@/api/client"
import { chooseLanguage, startI18n } from "@/lib/i18n"
import { newEtag } from "@/mocks/answers"
import { courses, type KeptCourse } from "@/mocks/db"
import { answerWithFakeApi, openPage, type Sent } from "@/test-page"
import { CourseHeader } from "../CourseHeader"
import { courseOf } from "../courses"
import { Sessions } from "../sessions/Sessions"
import { GeneralForm } from "./GeneralForm"
import { TechnicalForm } from "./TechnicalForm"

const course = courses[0] as KeptCourse
const AS_IT_WAS = structuredClone(course)
let edits: Sent[] = []

beforeAll(async () => {
  edits = answerWithFakeApi()
  await startI18n()
})

beforeEach(async () => {
  edits.length = 0
  Object.assign(course, structuredClone(AS_IT_WAS), { etag: newEtag() })
  queryClient.clear()
  await chooseLanguage("en")
})

/** What another tab saves. */
function elsewhere(change: Partial<KeptCourse>): void {
  Object.assign(course, change, { etag: newEtag() })
}

function General() {
  return <GeneralForm course={useSuspenseQuery(courseOf(course.id)).data} />
}

function Planned() {
  return <Sessions course={useSuspenseQuery(courseOf(course.id)).data} page={1} onPage={() => {}} />
}

function Header() {
  return <CourseHeader course={useSuspenseQuery(courseOf(course.id)).data} />
}

function Technical() {
  return <TechnicalForm course={useSuspenseQuery(courseOf(course.id)).data} />
}

const title = async () => (await screen.findByLabelText(/^(Title|Titre)/)) as HTMLInputElement
const write = async (value: string) => fireEvent.change(await title(), { target: { value } })
const press = async (name: string) =>
  userEvent.click(await screen.findByRole("button", { name: new RegExp(`^${name}$`) }))
const dialog = () => screen.findByRole("dialog", { name: "Another version was saved" })
const value = (name: string) => screen.getByRole("region", { name }).textContent

describe("a Course changed meanwhile", () => {
  it("is shown in both versions, with the fields that differ and no others", async () => {
    openPage(<General />)
    await write("Mine")
    elsewhere({ title: "Theirs", description: "New", show_password: false })
    await press("Save")
    const asked = within(await dialog())
    expect(value("Title, What you wrote")).toBe("Mine")
    expect(value("Title, What is saved now")).toBe("Theirs")
    expect(asked.getAllByRole("heading", { level: 3 })).toHaveLength(1)
    asked.getByText(/Last change by Grace Hopper, today at/)
    asked.getByText(/kept as saved: Description, Show the password to students\./)
    expect(course.title).toBe("Theirs")
  })

  it("keeps the saved version when its person says so", async () => {
    openPage(<General />)
    await write("Mine")
    elsewhere({ title: "Theirs" })
    await press("Save")
    await press("Keep the saved version")
    await waitFor(async () => expect((await title()).value).toBe("Theirs"))
    expect(screen.queryByText("Changes that are not saved")).toBeNull()
    await write("Later")
    await press("Save")
    await waitFor(() => expect(course.title).toBe("Later"))
  })

  it("takes mine over it, and leaves what only the other changed", async () => {
    openPage(<General />)
    await write("Mine")
    elsewhere({ title: "Theirs", description: "New" })
    await press("Save")
    await press("Save mine over it")
    await waitFor(() => expect(course.title).toBe("Mine"))
    expect(course.description).toBe("New")
    await screen.findByText("Saved")
    expect((await screen.findByLabelText(/^Description/)) as HTMLInputElement).toHaveProperty(
      "value",
      "New",
    )
  })

  it("asks again where a third edit came first", async () => {
    openPage(<General />)
    await write("Mine")
    elsewhere({ title: "Second" })
    await press("Save")
    await dialog()
    elsewhere({ title: "Third" })
    await press("Save mine over it")
    await waitFor(() => expect(value("Title, What is saved now")).toBe("Third"))
    expect(course.title).toBe("Third")
  })

  it("lets its person go on editing, by keyboard, and asks again at the next save", async () => {
    openPage(<General />)
    await write("Mine")
    elsewhere({ title: "Theirs" })
    await press("Save")
    await dialog()
    await waitFor(() => expect(document.activeElement?.textContent).toBe("Go on editing"))
    await userEvent.keyboard("{Escape}")
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull())
    expect((await title()).value).toBe("Mine")
    expect(course.title).toBe("Theirs")
    await press("Save")
    await dialog()
  })

  it("is saved without a question where both wrote the same", async () => {
    openPage(<General />)
    await write("Both")
    elsewhere({ title: "Both" })
    await press("Save")
    await waitFor(() => expect(screen.queryByText("Changes that are not saved")).toBeNull())
    expect(screen.queryByRole("dialog")).toBeNull()
  })

  it("is saved without a question where only its tag is another", async () => {
    openPage(<General />)
    await write("Mine")
    elsewhere({})
    await press("Save")
    await waitFor(() => expect(course.title).toBe("Mine"))
    expect(edits).toHaveLength(2)
    expect(screen.queryByRole("dialog")).toBeNull()
  })

  it("fills a form that has no unsaved changes anew", async () => {
    openPage(<General />)
    await title()
    elsewhere({ title: "Theirs" })
    await queryClient.invalidateQueries()
    await waitFor(async () => expect((await title()).value).toBe("Theirs"))
  })

  it("stays as written in a form that has some", async () => {
    openPage(<General />)
    await write("Mine")
    elsewhere({ title: "Theirs" })
    await queryClient.invalidateQueries()
    await press("Save")
    await dialog()
    expect(edits.at(-1)?.ifMatch).not.toBe(course.etag)
  })

  it("names nested fields, and says it in French", async () => {
    await chooseLanguage("fr")
    openPage(<Technical />)
    const cores = await screen.findByLabelText(/^Cœurs par étudiant/)
    fireEvent.change(cores, { target: { value: "3" } })
    elsewhere({
      resources: { ...course.resources, cpu: 4 },
      lease: { ...course.lease, minutes: 9 },
    })
    await press("Enregistrer")
    await screen.findByRole("dialog", { name: "Une autre version a été enregistrée" })
    expect(screen.getAllByText("Ce qui est enregistré")).toHaveLength(1)
    await press("Enregistrer la mienne")
    await waitFor(() => expect(course.resources?.cpu).toBe(3))
    expect(course.lease?.minutes).toBe(9)
  })
})

describe("what is taken away or planned otherwise meanwhile", () => {
  it("is archived after its person saw the other version", async () => {
    openPage(<Header />)
    await press("Actions for Statistics with Python")
    await userEvent.click(await screen.findByText("Archive"))
    elsewhere({ title: "Theirs" })
    await press("Archive the course")
    await screen.findByText(/^It was changed after you opened this page/)
    expect(course.status).toBe("ready")
    await screen.findByText("Archive “Theirs”?")
    await press("Archive the course")
    await waitFor(() => expect(course.status).toBe("archived"))
  })

  it("asks for a session in front of its form, which Escape gives back", async () => {
    openPage(<Planned />)
    const [edit] = await screen.findAllByRole("button", { name: /^Change Lab 3/ })
    await userEvent.click(edit as HTMLElement)
    const students = await screen.findByLabelText(/^Students/)
    fireEvent.change(students, { target: { value: "12" } })
    const session = course.sessions.find(({ title }) => title === "Lab 3")
    Object.assign(session ?? {}, { students: 40, etag: newEtag() })
    await press("Save")
    await dialog()
    expect(value("Students, What you wrote")).toBe("12")
    expect(value("Students, What is saved now")).toBe("40")
    await userEvent.keyboard("{Escape}")
    await waitFor(() => expect(screen.getAllByRole("dialog")).toHaveLength(1))
    expect((await screen.findByLabelText(/^Students/)) as HTMLInputElement).toHaveProperty(
      "value",
      "12",
    )
    await press("Save")
    await press("Save mine over it")
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull())
    expect(session?.students).toBe(12)
  })

  it("removes a session in the version that the list shows", async () => {
    openPage(<Planned />)
    const [remove] = await screen.findAllByRole("button", { name: /^Delete Lab 3/ })
    await userEvent.click(remove as HTMLElement)
    const session = course.sessions.find(({ title }) => title === "Lab 3")
    Object.assign(session ?? {}, { students: 41, etag: newEtag() })
    await press("Delete the session")
    await screen.findByText(/^It was changed after you opened this page/)
    expect(course.sessions).toContain(session)
    await screen.findAllByText(/41 students/)
    await press("Delete the session")
    await waitFor(() => expect(course.sessions).not.toContain(session))
  })
})
