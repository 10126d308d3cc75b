/** Which courses run a build, and moving those of an older or a newer one to it. */
import { Button, Checkbox } from "@mantine/core"
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query"
import { useId, useState } from "react"
import { useTranslation } from "react-i18next"
import { api, http } from "@/api/client"
import type { BuildStatus } from "@/api/types"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import styles from "../images.module.css"

function coursesOf(buildId: string) {
  return api.queryOptions("get", "/api/builds/{build_id}/courses", {
    params: { path: { build_id: buildId } },
  })
}

export function BuildCourses({ build }: { build: BuildStatus }) {
  const { t } = useTranslation()
  const heading = useId()
  const { data } = useSuspenseQuery(coursesOf(build.id))
  const [unchecked, setUnchecked] = useState<ReadonlySet<string>>(new Set())
  const use = useBuild(build.id)
  const using = data.items.filter((course) => course.build_id === build.id)
  const elsewhere = data.items.filter((course) => course.build_id !== build.id)
  const chosen = elsewhere.filter((course) => !unchecked.has(course.course_id))
  const number = build.number
  const choose = (id: string, on: boolean) =>
    setUnchecked(
      (before) => new Set(on ? [...before].filter((known) => known !== id) : [...before, id]),
    )
  return (
    <section className={styles.part} aria-labelledby={heading}>
      <h3 id={heading}>{t("build.courses.title")}</h3>
      {using.length > 0 && (
        <p>{t("build.courses.here", { courses: using.map(({ title }) => title).join(" · ") })}</p>
      )}
      {using.length === 0 && <p className={styles.dim}>{t("build.courses.none")}</p>}
      {data.others > 0 && (
        <p className={styles.dim}>{t("build.courses.others", { count: data.others })}</p>
      )}
      {use.isSuccess && <p role="status">{t("build.courses.moved")}</p>}
      <ProblemNotice error={use.error} />
      {elsewhere.length > 0 && (
        <>
          <p>{t("build.courses.elsewhere")}</p>
          <ul className={styles.checks}>
            {elsewhere.map((course) => (
              <li key={course.course_id}>
                <Checkbox
                  label={t("build.courses.course", {
                    title: course.title,
                    number: course.build_number,
                  })}
                  checked={!unchecked.has(course.course_id)}
                  onChange={(event) => choose(course.course_id, event.currentTarget.checked)}
                />
              </li>
            ))}
          </ul>
          <div>
            <Button
              variant="default"
              size="sm"
              disabled={chosen.length === 0}
              loading={use.isPending}
              onClick={() => use.mutate(chosen.map((course) => course.course_id))}
            >
              {t("build.courses.use", { number, count: chosen.length })}
            </Button>
          </div>
          <p className={styles.dim}>{t("build.courses.help")}</p>
        </>
      )}
    </section>
  )
}

function useBuild(buildId: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async (courseIds: string[]) => {
      const { data, error } = await http.PUT("/api/builds/{build_id}/courses", {
        params: { path: { build_id: buildId } },
        body: { course_ids: courseIds },
      })
      if (error) throw error
      return data
    },
    onSuccess: (courses) => {
      cache.setQueryData(coursesOf(buildId).queryKey, courses)
      void cache.invalidateQueries({
        predicate: ({ queryKey }) =>
          ["/api/courses", "/api/courses/{course_id}"].includes(String(queryKey[1])) ||
          (queryKey[1] === "/api/builds/{build_id}/courses" &&
            queryKey !== coursesOf(buildId).queryKey),
      })
    },
  })
}
