/** Offers a Course the newest Build of its Image, where it runs an older one. */
import { Button } from "@mantine/core"
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { api, http } from "@/api/client"
import type { Course, CourseImage } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { courseOf } from "./courses"

const RECENT = 20

export function NewerBuild({ course }: { course: Course }) {
  if (!course.image || !course.can.includes("edit")) return null
  return <Offer course={course} image={course.image} />
}

function Offer({ course, image }: { course: Course; image: CourseImage }) {
  const { t } = useTranslation()
  const format = useFormat()
  // An editor of the Course may have no right to its Image: then nothing is offered.
  const { data } = useQuery({
    ...api.queryOptions("get", "/api/images/{image_id}/builds", {
      params: { path: { image_id: image.image_id }, query: { page_size: RECENT } },
    }),
    retry: false,
  })
  const use = useBuildHere(course.id)
  const newest = data?.items.find((build) => build.phase === "succeeded")
  if (!newest || newest.number <= image.build_number) return <ProblemNotice error={use.error} />
  const { id, number } = newest
  return (
    <Notice
      tone="info"
      title={t("course.newer.title", { number })}
      action={
        <Button variant="default" loading={use.isPending} onClick={() => use.mutate(id)}>
          {t("course.newer.use", { number })}
        </Button>
      }
    >
      {t("course.newer.text", {
        image: image.image_title,
        number: image.build_number,
        date: format.dateTime(new Date(newest.ended_at ?? newest.queued_at)),
      })}{" "}
      <Link
        to="/dashboard/images/$imageId"
        params={{ imageId: image.image_id }}
        search={{ section: "builds", build: id }}
      >
        {t("course.newer.look")}
      </Link>
      <ProblemNotice error={use.error} />
    </Notice>
  )
}

function useBuildHere(courseId: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async (buildId: string) => {
      const { error } = await http.PUT("/api/builds/{build_id}/courses", {
        params: { path: { build_id: buildId } },
        body: { course_ids: [courseId] },
      })
      if (error) throw error
    },
    onSuccess: () => cache.invalidateQueries({ queryKey: courseOf(courseId).queryKey }),
  })
}
