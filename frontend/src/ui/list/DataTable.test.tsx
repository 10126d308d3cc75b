/** What every list's table does, whatever it lists. */
import { screen, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { type ComponentProps, useState } from "react"
import { beforeAll, expect, it, vi } from "vitest"
import { startI18n } from "@/lib/i18n"
import { openPage } from "@/test-page"
import { type Column, DataTable } from "./DataTable"

type Course = { id: string; title: string }
type Props = ComponentProps<typeof DataTable<Course>>

const courses: Course[] = [
  { id: "1", title: "Statistics" },
  { id: "2", title: "Databases" },
]
const remove = vi.fn()
const columns: Column<Course>[] = [
  {
    id: "title",
    header: "Title",
    cell: (course) => course.title,
    sort: { ascending: "title", descending: "-title" },
  },
  { id: "size", header: "Size", labelled: true, cell: () => "12" },
  {
    id: "actions",
    header: "Actions",
    kind: "actions",
    cell: (course) => (
      <button type="button" onClick={() => remove(course.id)}>
        Remove
      </button>
    ),
  },
]

beforeAll(async () => {
  vi.stubGlobal("scrollTo", () => {})
  await startI18n()
})

async function show(props: Partial<Props> = {}): Promise<void> {
  openPage(
    <DataTable<Course>
      caption="Courses"
      columns={columns}
      rows={courses}
      rowKey={idOf}
      {...props}
    />,
  )
  await screen.findByText(/Statistics|Nothing|None/)
}

const idOf = (course: Course) => course.id

it("is a table with a name, column headers and row headers", async () => {
  await show()
  const table = screen.getByRole("table", { name: "Courses" })
  const headers = within(table).getAllByRole("columnheader")
  expect(headers.map((header) => header.textContent)).toEqual(["Title", "Size", "Actions"])
  const row = within(table).getByRole("row", { name: /Databases/ })
  expect(within(row).getByRole("rowheader").textContent).toBe("Databases")
  expect(within(row).getAllByRole("cell")).toHaveLength(2)
})

it("names the column before a value for cards, where the column asks for it", async () => {
  await show()
  const [size, actions] = within(screen.getByRole("row", { name: /Databases/ })).getAllByRole(
    "cell",
  )
  expect(size?.getAttribute("data-label")).toBe("Size")
  expect(actions?.getAttribute("data-label")).toBeNull()
})

it("sorts by keyboard: ascending, then descending, and says so", async () => {
  function Sorted() {
    const [by, onSort] = useState("-updated_at")
    return (
      <DataTable
        caption="Courses"
        columns={columns}
        rows={courses}
        rowKey={idOf}
        sorting={{ by, onSort }}
      />
    )
  }
  openPage(<Sorted />)
  const button = await screen.findByRole("button", { name: "Title" })
  const header = screen.getByRole("columnheader", { name: /Title/ })
  expect(header.getAttribute("aria-sort")).toBeNull()
  await userEvent.tab()
  expect(document.activeElement).toBe(button)
  await userEvent.keyboard("{Enter}")
  expect(header.getAttribute("aria-sort")).toBe("ascending")
  await userEvent.keyboard("{Enter}")
  expect(header.getAttribute("aria-sort")).toBe("descending")
})

it("opens a row where it is clicked, and not where one of its controls is", async () => {
  const onOpen = vi.fn()
  await show({ onOpen })
  const row = screen.getByRole("row", { name: /Databases/ })
  await userEvent.click(within(row).getByRole("button", { name: "Remove" }))
  expect(remove).toHaveBeenCalledWith("2")
  expect(onOpen).not.toHaveBeenCalled()
  await userEvent.click(within(row).getByText("12"))
  expect(onOpen).toHaveBeenCalledWith(courses[1])
})

it("shows what its list says where there is no row", async () => {
  await show({ rows: [], empty: <p>None yet</p> })
  expect(screen.getByText("None yet")).toBeTruthy()
  expect(screen.queryByRole("table")).toBeNull()
})

it("leads from a page beyond the last one to the first", async () => {
  const onPage = vi.fn()
  await show({ rows: [], paging: { page: 9, pageSize: 25, total: 30, onPage } })
  await userEvent.click(screen.getByRole("button", { name: "First page" }))
  expect(onPage).toHaveBeenCalledWith(1)
})

it("turns pages below the rows", async () => {
  const onPage = vi.fn()
  await show({ paging: { page: 1, pageSize: 2, total: 5, onPage } })
  expect(screen.getByText("1–2 of 5")).toBeTruthy()
  await userEvent.click(screen.getByRole("button", { name: "Next page" }))
  expect(onPage).toHaveBeenCalledWith(2)
})
