/** The head of a Course's pages: its name, its status, its sections. */
import { ActionIcon, Button, Menu, TextInput } from "@mantine/core"
import { IconArchive, IconCopy, IconDots, IconPlayerPlay, IconTrash } from "@tabler/icons-react"
import { Link, useLocation, useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { Course } from "@/api/types"
import { BackLink } from "@/ui/BackLink"
import { ConfirmDialog } from "@/ui/ConfirmDialog"
import { PageHeader } from "@/ui/PageHeader"
import { ProblemNotice } from "@/ui/ProblemNotice"
import { SectionTabs } from "@/ui/SectionTabs"
import { CourseStatusLabel } from "./CourseStatusLabel"
import { useCourseStatus, useDeleteCourse, useDuplicateCourse } from "./courses"

const SECTIONS = [
  ["overview", "/dashboard/courses/$courseId"],
  ["general", "/dashboard/courses/$courseId/general"],
  ["technical", "/dashboard/courses/$courseId/technical"],
  ["sessions", "/dashboard/courses/$courseId/sessions"],
  ["publish", "/dashboard/courses/$courseId/publish"],
  ["people", "/dashboard/courses/$courseId/people"],
] as const

export function CourseHeader({ course }: { course: Course }) {
  const { t } = useTranslation()
  const params = { courseId: course.id }
  const pathname = useLocation({ select: (location) => location.pathname })
  return (
    <>
      <PageHeader
        title={course.title}
        above={<BackLink to="/dashboard/courses">{t("nav.courses")}</BackLink>}
        action={
          <>
            {course.can.includes("start") && (
              <Button
                renderRoot={(root) => (
                  <Link to="/courses/$courseId/window" params={params} {...root} />
                )}
                variant="default"
                leftSection={<IconPlayerPlay size={17} aria-hidden />}
              >
                {t("course.tryAsStudent")}
              </Button>
            )}
            <CourseActions course={course} />
          </>
        }
      >
        <CourseStatusLabel status={course.status} />
        {course.running_environments > 0 && (
          <span>{t("course.running", { count: course.running_environments })}</span>
        )}
      </PageHeader>
      <SectionTabs label={t("course.sections")} current={pathname}>
        {SECTIONS.filter(([name]) => name !== "people" || course.can.includes("see_people")).map(
          ([name, to]) => (
            <Link
              key={name}
              to={to}
              params={params}
              activeOptions={{ exact: true, includeSearch: false }}
            >
              {name === "people" ? t("coursePeople.tab") : t(`course.section.${name}`)}
            </Link>
          ),
        )}
      </SectionTabs>
    </>
  )
}

function CourseActions({ course }: { course: Course }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [asked, setAsked] = useState<"archive" | "delete" | null>(null)
  const [typed, setTyped] = useState("")
  const duplicate = useDuplicateCourse(course.id)
  const status = useCourseStatus(course)
  const remove = useDeleteCourse(course)
  const close = () => {
    setAsked(null)
    setTyped("")
  }
  const mayEdit = course.can.includes("edit")
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon
            variant="default"
            size={36}
            aria-label={t("app.actionsOf", { name: course.title })}
          >
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconCopy size={16} aria-hidden />}
            onClick={() =>
              duplicate.mutate(undefined, {
                onSuccess: (copy) =>
                  void navigate({
                    to: "/dashboard/courses/$courseId/general",
                    params: { courseId: copy.id },
                  }),
              })
            }
          >
            {t("course.duplicate")}
          </Menu.Item>
          {mayEdit && course.status !== "archived" && (
            <Menu.Item
              leftSection={<IconArchive size={16} aria-hidden />}
              onClick={() => setAsked("archive")}
            >
              {t("course.archive")}
            </Menu.Item>
          )}
          {course.can.includes("delete") && (
            <Menu.Item
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => setAsked("delete")}
            >
              {t("course.delete")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={asked === "archive"}
        title={t("course.archiveTitle", { title: course.title })}
        confirm={t("course.archiveConfirm")}
        busy={status.isPending}
        onClose={close}
        onConfirm={() => status.mutate("archived", { onSuccess: close })}
      >
        <p>{t("course.archiveText")}</p>
        <ProblemNotice error={status.error} />
      </ConfirmDialog>
      <ConfirmDialog
        opened={asked === "delete"}
        title={t("course.deleteTitle", { title: course.title })}
        confirm={t("course.deleteConfirm")}
        danger
        busy={remove.isPending}
        disabled={typed.trim() !== course.title.trim()}
        onClose={close}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () => void navigate({ to: "/dashboard/courses" }),
          })
        }
      >
        <p>
          {t("course.deleteText")}{" "}
          {t("course.deleteRunning", { count: course.running_environments })}
        </p>
        <TextInput
          label={t("course.deleteTyped")}
          placeholder={course.title}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <ProblemNotice error={remove.error} />
      </ConfirmDialog>
    </>
  )
}
