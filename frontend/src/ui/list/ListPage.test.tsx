/** What every screen that is a list does, whatever it lists. */
import { screen } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { type ComponentProps, useState } from "react"
import { beforeAll, beforeEach, expect, it, vi } from "vitest"
import { startI18n } from "@/lib/i18n"
import { openPage } from "@/test-page"
import { ListPage } from "./ListPage"

type Course = { id: string; title: string }
type Filter = {
  search?: string
  status?: "draft" | "ready"
  sort?: "title" | "-title"
  page?: number
}

const onFilter = vi.fn<(filter: Filter) => void>()
const course = { id: "1", title: "Statistics" }

beforeAll(async () => {
  vi.stubGlobal("scrollTo", () => {})
  Element.prototype.scrollIntoView = () => {}
  await startI18n()
})
beforeEach(() => onFilter.mockClear())

async function show(
  items: Course[],
  begin: Filter = {},
  more: Partial<ComponentProps<typeof ListPage<Course, Filter>>> = {},
): Promise<void> {
  function Page() {
    const [filter, setFilter] = useState(begin)
    return (
      <ListPage<Course, Filter>
        title="Courses"
        text="What you teach."
        action={<button type="button">Create</button>}
        filter={filter}
        onFilter={(changed) => {
          onFilter(changed)
          setFilter(changed)
        }}
        search="Search a course"
        choices={[
          {
            name: "status",
            label: "Status",
            all: "All",
            values: ["draft", "ready"],
            textOf: (status) => `is ${status}`,
          },
        ]}
        data={{ items, total: items.length, page: filter.page ?? 1 }}
        pageSize={25}
        empty={{ title: "No course yet" }}
        noMatch="No course matches"
        columns={[
          {
            id: "title",
            header: "Title",
            cell: ({ title }) => title,
            sort: { ascending: "title", descending: "-title" },
          },
        ]}
        rowKey={({ id }) => id}
        order="title"
        {...more}
      />
    )
  }
  openPage(<Page />)
  await screen.findByRole("heading", { name: "Courses" })
}

const create = () => screen.getAllByRole("button", { name: "Create" })

it("shows rows below filters, with the action in the header", async () => {
  await show([course])
  expect(screen.getByRole("table", { name: "Courses" })).toBeTruthy()
  expect(screen.getByRole("search")).toBeTruthy()
  expect(create()[0]?.closest("header")).not.toBeNull()
})

it("offers the action once, and no filter, where nothing is yet", async () => {
  await show([])
  expect(screen.getByText("No course yet")).toBeTruthy()
  expect(screen.queryByRole("search")).toBeNull()
  expect(create()).toHaveLength(1)
  expect(create()[0]?.closest("header")).toBeNull()
})

it("keeps the header's action where the empty list has one of its own", async () => {
  await show([], {}, { empty: { title: "No course yet", action: <span>Copy one</span> } })
  expect(screen.getByText("Copy one")).toBeTruthy()
  expect(create()[0]?.closest("header")).not.toBeNull()
})

it("leads back to everything where nothing matches, and keeps the filters", async () => {
  await show([], { status: "ready" })
  expect(screen.getByText("No course matches")).toBeTruthy()
  expect(screen.getByRole("search")).toBeTruthy()
  await userEvent.click(screen.getByRole("button", { name: "Show all" }))
  expect(onFilter).toHaveBeenCalledWith({})
})

it("goes to the first page at every change of filter or order", async () => {
  await show([course], { page: 3 })
  await userEvent.click(screen.getByRole("combobox", { name: "Status" }))
  await userEvent.click(await screen.findByText("is ready"))
  expect(onFilter).toHaveBeenLastCalledWith({ page: undefined, status: "ready" })
  await userEvent.type(screen.getByRole("searchbox", { name: "Search a course" }), "sta")
  await vi.waitFor(() =>
    expect(onFilter).toHaveBeenLastCalledWith({
      page: undefined,
      status: "ready",
      search: "sta",
    }),
  )
  await userEvent.click(screen.getByRole("button", { name: "Title" }))
  expect(onFilter).toHaveBeenLastCalledWith({
    page: undefined,
    status: "ready",
    search: "sta",
    sort: "-title",
  })
})
