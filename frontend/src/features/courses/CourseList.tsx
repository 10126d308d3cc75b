/** The list of Courses: search, filter and order are in the address. */
import { Button } from "@mantine/core"
import { IconPlus, IconSchool } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { Link, useNavigate } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { CourseStatus, CourseSummary } from "@/api/types"
import { useFormat } from "@/lib/format"
import { EmptyState } from "@/ui/EmptyState"
import { FilteredList } from "@/ui/FilteredList"
import { FilterSelect } from "@/ui/FilterSelect"
import { PageHeader } from "@/ui/PageHeader"
import { SearchField } from "@/ui/SearchField"
import table from "@/ui/table.module.css"
import { CourseStatusWord } from "./CourseStatusWord"
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
        page={data.page}
        pageSize={PAGE_SIZE}
        onPage={(page) => onFilter({ ...filter, page })}
      >
        <Rows courses={data.items} />
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

function Rows({ courses }: { courses: CourseSummary[] }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const format = useFormat()
  const now = new Date()
  return (
    <div className={table.frame}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{t("course.column.title")}</th>
            <th scope="col">{t("course.column.status")}</th>
            <th scope="col">{t("course.column.session")}</th>
            <th scope="col">{t("course.column.updated")}</th>
          </tr>
        </thead>
        <tbody>
          {courses.map((course) => (
            // The name inside is a link: the row is a larger target for the mouse only.
            <tr
              key={course.id}
              data-opens
              onClick={() =>
                void navigate({
                  to: "/dashboard/courses/$courseId",
                  params: { courseId: course.id },
                })
              }
            >
              <td>
                <Link
                  className={table.name}
                  to="/dashboard/courses/$courseId"
                  params={{ courseId: course.id }}
                  onClick={(event) => event.stopPropagation()}
                >
                  {course.title}
                </Link>
                <div className={table.under}>
                  {course.image_title ?? t("course.noImage")}
                  {course.running_environments > 0 &&
                    ` · ${t("course.running", { count: course.running_environments })}`}
                </div>
              </td>
              <td>
                <CourseStatusWord status={course.status} />
              </td>
              <td data-label={t("course.column.session")}>
                {course.next_session
                  ? format.range(
                      new Date(course.next_session.starts_at),
                      new Date(course.next_session.ends_at),
                      now,
                    )
                  : t("course.noSession")}
              </td>
              <td data-label={t("course.column.updated")}>
                <span title={format.exact(new Date(course.updated_at))}>
                  {format.fromNow(new Date(course.updated_at), now)}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
