/** The list of Courses: search, filter and order are in the address. */
import { Button } from "@mantine/core"
import { IconPlus, IconSchool } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { Link, useNavigate } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { CourseStatus, CourseSummary } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Ago } from "@/ui/Ago"
import { type Column, DataTable } from "@/ui/DataTable"
import { EmptyState } from "@/ui/EmptyState"
import { FilteredList } from "@/ui/FilteredList"
import { FilterSelect } from "@/ui/FilterSelect"
import { PageHeader } from "@/ui/PageHeader"
import { SearchField } from "@/ui/SearchField"
import table from "@/ui/table.module.css"
import { CourseStatusLabel } from "./CourseStatusLabel"
import {
  type CourseFilter,
  type CourseSort,
  courseList,
  PAGE_SIZE,
  SORTS,
  STATUSES,
} from "./courses"

type Props = { filter: CourseFilter; onFilter: (filter: CourseFilter) => void }

export function CourseList({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(courseList(filter))
  const filtered = Boolean(filter.search || filter.status)
  const create = (
    <Button
      component={Link}
      to="/dashboard/courses/new"
      leftSection={<IconPlus size={18} aria-hidden />}
    >
      {t("course.create")}
    </Button>
  )
  return (
    <>
      <PageHeader
        title={t("course.listTitle")}
        action={data.total || filtered ? create : undefined}
      >
        {t("course.listText")}
      </PageHeader>
      <FilteredList
        total={data.total}
        filtered={filtered}
        empty={
          <EmptyState
            icon={<IconSchool size={40} stroke={1.4} aria-hidden />}
            title={t("course.emptyTitle")}
            text={t("course.emptyText")}
            action={create}
          />
        }
        filters={<Filters filter={filter} onFilter={onFilter} />}
        noMatch={t("course.noMatch")}
        clear={{ label: t("course.clearFilters"), onClear: () => onFilter({}) }}
      >
        <Rows
          courses={data.items}
          total={data.total}
          page={data.page}
          filter={filter}
          onFilter={onFilter}
        />
      </FilteredList>
    </>
  )
}

function Filters({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const narrowed = (facts: CourseFilter) => onFilter({ ...filter, ...facts, page: undefined })
  return (
    <>
      <SearchField
        label={t("course.searchLabel")}
        value={filter.search ?? ""}
        onSearch={(search) => narrowed({ search: search || undefined })}
      />
      <FilterSelect
        label={t("course.statusFilter")}
        all={t("course.allStatuses")}
        choices={STATUSES.map((status) => ({ value: status, label: t(`course.status.${status}`) }))}
        value={filter.status}
        onChoose={(status) => narrowed({ status: status as CourseStatus | undefined })}
      />
      <FilterSelect
        label={t("app.sortBy")}
        choices={SORTS.map((sort) => ({ value: sort, label: t(`course.sort.${sort}`) }))}
        value={filter.sort ?? "-updated_at"}
        onChoose={(sort) => narrowed({ sort: sort as CourseSort | undefined })}
      />
    </>
  )
}

type RowsProps = Props & { courses: CourseSummary[]; total: number; page: number }

function Rows({ courses, total, page, filter, onFilter }: RowsProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const columns = useColumns()
  return (
    <DataTable
      caption={t("course.listTitle")}
      columns={columns}
      rows={courses}
      rowKey={(course) => course.id}
      onOpen={(course) => void navigate(pageOf(course))}
      paging={{
        page,
        pageSize: PAGE_SIZE,
        total,
        onPage: (next) => onFilter({ ...filter, page: next }),
      }}
      sorting={{
        by: filter.sort ?? "-updated_at",
        onSort: (sort) => onFilter({ ...filter, sort: sort as CourseSort, page: undefined }),
      }}
    />
  )
}

const pageOf = (course: CourseSummary) =>
  ({ to: "/dashboard/courses/$courseId", params: { courseId: course.id } }) as const

function useColumns(): Column<CourseSummary>[] {
  const { t } = useTranslation()
  const format = useFormat()
  const now = new Date()
  return [
    {
      id: "title",
      header: t("course.column.title"),
      sort: { ascending: "title", descending: "-title" },
      cell: (course) => (
        <>
          <Link className={table.name} {...pageOf(course)}>
            {course.title}
          </Link>
          <div className={table.under}>
            {course.image_title ?? t("course.noImage")}
            {course.running_environments > 0 &&
              ` · ${t("course.running", { count: course.running_environments })}`}
          </div>
        </>
      ),
    },
    {
      id: "status",
      header: t("course.column.status"),
      cell: (course) => <CourseStatusLabel status={course.status} />,
    },
    {
      id: "session",
      header: t("course.column.session"),
      labelled: true,
      cell: ({ next_session: next }) =>
        next
          ? format.range(new Date(next.starts_at), new Date(next.ends_at), now)
          : t("course.noSession"),
    },
    {
      id: "updated",
      header: t("course.column.updated"),
      labelled: true,
      sort: { ascending: "updated_at", descending: "-updated_at" },
      cell: (course) => <Ago at={course.updated_at} now={now} />,
    },
  ]
}
