/** The list of Courses: search, filter and order are in the address. */
import { Button, Group } from "@mantine/core"
import { IconFileImport, IconPlus, IconSchool } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { Link, useNavigate } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { CourseSummary } from "@/api/types"
import { useFormat } from "@/lib/format"
import type { Column } from "@/ui/list/DataTable"
import type { Choice } from "@/ui/list/ListFilters"
import { ListPage } from "@/ui/list/ListPage"
import table from "@/ui/list/table.module.css"
import { Ago } from "@/ui/text/Ago"
import { CourseStatusLabel } from "./CourseStatusLabel"
import { type CourseFilter, courseList, ORIGINS, PAGE_SIZE, SORTS, STATUSES } from "./courses"

type Props = { filter: CourseFilter; onFilter: (filter: CourseFilter) => void }

export function CourseList({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(courseList(filter))
  const navigate = useNavigate()
  return (
    <ListPage
      title={t("course.listTitle")}
      text={t("course.listText")}
      action={
        <Group gap="sm">
          <Button
            component={Link}
            to="/dashboard/courses/import"
            variant="default"
            leftSection={<IconFileImport size={18} aria-hidden />}
          >
            {t("courseFile.action")}
          </Button>
          <Button
            component={Link}
            to="/dashboard/courses/new"
            leftSection={<IconPlus size={18} aria-hidden />}
          >
            {t("course.create")}
          </Button>
        </Group>
      }
      filter={filter}
      onFilter={onFilter}
      search={t("course.searchLabel")}
      choices={useChoices()}
      data={data}
      pageSize={PAGE_SIZE}
      empty={{ icon: IconSchool, title: t("course.emptyTitle"), text: t("course.emptyText") }}
      noMatch={t("course.noMatch")}
      columns={useColumns()}
      rowKey={(course) => course.id}
      onOpen={(course) => void navigate(pageOf(course))}
      order="-updated_at"
    />
  )
}

function useChoices(): Choice<CourseFilter>[] {
  const { t } = useTranslation()
  return [
    {
      name: "status",
      label: t("course.statusFilter"),
      all: t("course.allStatuses"),
      values: STATUSES,
      textOf: (status) => t(`course.status.${status}`),
    },
    {
      name: "origin",
      label: t("sharing.filter"),
      all: t("sharing.everybody"),
      values: ORIGINS,
      textOf: (origin) => t(`sharing.origins.${origin}`),
    },
    {
      name: "sort",
      label: t("app.sortBy"),
      values: SORTS,
      textOf: (sort) => t(`course.sort.${sort}`),
      fallback: "-updated_at",
    },
  ]
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
            {course.relation !== "owner" && `${course.owner_name} · `}
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
