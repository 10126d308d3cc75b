/** A searched list of Courses to choose one or several from. */
import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useId, useState } from "react"
import { useTranslation } from "react-i18next"
import { api } from "@/api/client"
import type { CourseSummary } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Patience } from "@/ui/feedback/Patience"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { SearchField } from "@/ui/list/SearchField"
import styles from "./CourseChoice.module.css"

const SHOWN = 50

type Props = {
  several: boolean
  /** Courses go to students from here: one that is not ready says so instead. */
  readyOnly?: boolean
  chosen: CourseSummary[]
  onChoose: (courses: CourseSummary[]) => void
}

export function CourseChoice({ several, readyOnly = false, chosen, onChoose }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const name = useId()
  const [search, setSearch] = useState("")
  const list = useQuery({
    ...api.queryOptions("get", "/api/courses", {
      params: {
        query: {
          search: search || undefined,
          status: ["ready", "test", "draft"],
          page_size: SHOWN,
          sort: "-updated_at",
        },
      },
    }),
    placeholderData: (old) => old,
    // Who comes back from making one ready never sees it as it was, and clicks in vain.
    gcTime: 0,
  })
  const toggle = (course: CourseSummary, on: boolean) => {
    if (!several) return onChoose([course])
    const others = chosen.filter((other) => other.id !== course.id)
    onChoose(on ? [...others, course] : others)
  }
  if (list.error) return <ProblemNotice error={list.error} />
  if (!list.data) return <Patience />
  const courses = list.data.items
  return (
    <div className={styles.choice}>
      <div role="search">
        <SearchField label={t("course.searchLabel")} value={search} onSearch={setSearch} />
      </div>
      <fieldset className={styles.list}>
        <legend className="md-hidden">{t("picker.courses")}</legend>
        {courses.length === 0 && (
          <p className={styles.none} role="status">
            {search ? t("picker.noMatch") : t("picker.empty")}
          </p>
        )}
        {courses.map((course) => (
          <label key={course.id} className={styles.option}>
            <input
              type={several ? "checkbox" : "radio"}
              name={name}
              checked={chosen.some((other) => other.id === course.id)}
              disabled={readyOnly && !course.can.includes("publish")}
              onChange={(event) => toggle(course, event.currentTarget.checked)}
            />
            <span>
              <strong>{course.title}</strong>
              <small>
                {t(`course.status.${course.status}`)}
                {course.image_title && ` · ${course.image_title}`}
              </small>
              <small>
                {t("picker.made", {
                  name: course.owner_name,
                  date: format.dateTime(new Date(course.created_at)),
                  interpolation: { escapeValue: false },
                })}
              </small>
              {readyOnly && !course.can.includes("publish") && (
                <small>
                  {course.status === "ready" ? t("picker.notYours") : t("picker.notReady")}{" "}
                  {course.can.includes("edit") && (
                    <Link to="/dashboard/courses/$courseId" params={{ courseId: course.id }}>
                      {t("picker.makeReady")}
                    </Link>
                  )}
                </small>
              )}
            </span>
          </label>
        ))}
      </fieldset>
    </div>
  )
}
