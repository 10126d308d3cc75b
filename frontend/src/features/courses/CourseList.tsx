/** The list of Courses: search, filter and order are in the address. */
import { Button, Group, Select } from "@mantine/core"
import { IconPlus, IconSchool } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { Link, useNavigate } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { CourseStatus, CourseSummary } from "@/api/types"
import { useFormat } from "@/lib/format"
import { EmptyState } from "@/ui/EmptyState"
import { PageHeader } from "@/ui/PageHeader"
import { Pager } from "@/ui/Pager"
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
  const none = data.total === 0
  return (
    <>
      <PageHeader title={t("course.listTitle")} action={!none || filtered ? create : undefined}>
        {t("course.listText")}
      </PageHeader>
      {none && !filtered ? (
        <EmptyState
          icon={<IconSchool size={40} stroke={1.4} aria-hidden />}
          title={t("course.emptyTitle")}
          text={t("course.emptyText")}
          action={create}
        />
      ) : (
        <>
          <Filters filter={filter} onFilter={onFilter} />
          {none ? (
            <EmptyState
              title={t("course.noMatch")}
              action={
                <Button variant="default" mt="sm" onClick={() => onFilter({})}>
                  {t("course.clearFilters")}
                </Button>
              }
            />
          ) : (
            <Rows courses={data.items} />
          )}
          <Pager
            page={data.page}
            pageSize={PAGE_SIZE}
            total={data.total}
            onPage={(page) => onFilter({ ...filter, page })}
          />
        </>
      )}
    </>
  )
}

function Filters({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const narrowed = (facts: CourseFilter) => onFilter({ ...filter, ...facts, page: undefined })
  return (
    <Group gap="sm" mb="md" role="search">
      <SearchField
        label={t("course.searchLabel")}
        value={filter.search ?? ""}
        onSearch={(search) => narrowed({ search: search || undefined })}
      />
      <Select
        flex="1 1 150px"
        maw={220}
        aria-label={t("course.statusFilter")}
        data={[
          { value: "", label: t("course.allStatuses") },
          ...STATUSES.map((status) => ({ value: status, label: t(`course.status.${status}`) })),
        ]}
        value={filter.status ?? ""}
        allowDeselect={false}
        onChange={(status) => narrowed({ status: (status || undefined) as CourseStatus })}
      />
      <Select
        flex="1 1 150px"
        maw={220}
        aria-label={t("app.sortBy")}
        data={SORTS.map((sort) => ({ value: sort, label: t(`course.sort.${sort}`) }))}
        value={filter.sort ?? "-updated_at"}
        allowDeselect={false}
        onChange={(sort) => narrowed({ sort: (sort ?? undefined) as CourseSort })}
      />
    </Group>
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
