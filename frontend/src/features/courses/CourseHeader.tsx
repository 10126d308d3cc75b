/** The head of a Course's pages: its name, its status, its sections. */
import { ActionIcon, Button, Menu, TextInput } from "@mantine/core"
import {
  IconArchive,
  IconCopy,
  IconDots,
  IconFileExport,
  IconPlayerPlay,
  IconTrash,
} from "@tabler/icons-react"
import { Link, useLocation, useNavigate } from "@tanstack/react-router"
import { type ReactNode, useState } from "react"
import { useTranslation } from "react-i18next"
import type { Course } from "@/api/types"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { BackLink } from "@/ui/page/BackLink"
import { PageHeader } from "@/ui/page/PageHeader"
import { SectionTabs } from "@/ui/page/SectionTabs"
import { CourseStatusLabel } from "./CourseStatusLabel"
import { useCourseStatus, useDeleteCourse, useDuplicateCourse } from "./courses"
import { useExportCourse } from "./transfer/courseFiles"

const SECTIONS = [
  ["overview", "/dashboard/courses/$courseId"],
  ["general", "/dashboard/courses/$courseId/general"],
  ["technical", "/dashboard/courses/$courseId/technical"],
  ["sessions", "/dashboard/courses/$courseId/sessions"],
  ["publish", "/dashboard/courses/$courseId/publish"],
  ["room", "/dashboard/courses/$courseId/room"],
  ["people", "/dashboard/courses/$courseId/people"],
  ["submissions", "/dashboard/courses/$courseId/submissions"],
  ["use", "/dashboard/courses/$courseId/use"],
] as const
/** Sections about the people of the Course, with the name of the tab. */
const OF_PEOPLE = {
  room: "room.tab",
  people: "coursePeople.tab",
  submissions: "submissions.tab",
} as const
const isOfPeople = (name: string): name is keyof typeof OF_PEOPLE => name in OF_PEOPLE

/** Use is for editors, people for those who see them. */
function isShown(name: (typeof SECTIONS)[number][0], { can }: Course): boolean {
  if (name === "use") return can.includes("edit")
  return !isOfPeople(name) || can.includes("see_people")
}

/** `share`: the button about who has which right. `whatGoes`: said before the course is deleted. */
type Props = { course: Course; share?: ReactNode; whatGoes?: ReactNode }

export function CourseHeader({ course, share, whatGoes }: Props) {
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
            {share}
            <CourseActions course={course} whatGoes={whatGoes} />
          </>
        }
      >
        <CourseStatusLabel status={course.status} />
        {course.relation !== "owner" && (
          <span>{t("course.ownedBy", { name: course.owner_name })}</span>
        )}
        {course.running_environments > 0 && (
          <span>{t("course.running", { count: course.running_environments })}</span>
        )}
      </PageHeader>
      <SectionTabs label={t("course.sections")} current={pathname}>
        {SECTIONS.filter(([name]) => isShown(name, course)).map(([name, to]) => (
          <Link
            key={name}
            to={to}
            params={params}
            activeOptions={{ exact: true, includeSearch: false }}
          >
            {isOfPeople(name)
              ? t(OF_PEOPLE[name])
              : t(name === "use" ? "traces.tab" : `course.section.${name}`)}
          </Link>
        ))}
      </SectionTabs>
    </>
  )
}

function CourseActions({ course, whatGoes }: Pick<Props, "course" | "whatGoes">) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [asked, setAsked] = useState<"archive" | "delete" | null>(null)
  const [typed, setTyped] = useState("")
  const duplicate = useDuplicateCourse(course.id)
  const status = useCourseStatus(course)
  const remove = useDeleteCourse(course)
  const save = useExportCourse(course)
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
          <Menu.Item
            leftSection={<IconFileExport size={16} aria-hidden />}
            onClick={() => save.mutate()}
          >
            {t("courseFile.export")}
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
        opened={save.error !== null}
        title={t("courseFile.export")}
        confirm={t("courseFile.retry")}
        busy={save.isPending}
        onClose={save.reset}
        onConfirm={() => save.mutate()}
      >
        <ProblemNotice error={save.error} />
      </ConfirmDialog>
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
            onSuccess: (isThere) => {
              close()
              if (!isThere) void navigate({ to: "/dashboard/courses" })
            },
          })
        }
      >
        <p>
          {t("course.deleteText")}{" "}
          {t("course.deleteRunning", { count: course.running_environments })}
        </p>
        {whatGoes}
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
