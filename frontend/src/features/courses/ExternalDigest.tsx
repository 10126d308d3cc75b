/** The image of another registry that a Course runs, and looking its digest up again. */
import { Button } from "@mantine/core"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { http } from "@/api/client"
import type { Course } from "@/api/types"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { courseOf } from "./courses"

export function ExternalDigest({ course }: { course: Course }) {
  const { t } = useTranslation()
  const lookUp = useLookUpAgain(course)
  const external = course.external
  if (!external) return null
  return (
    <>
      <code>{external.reference}</code>
      {course.can.includes("edit") && (
        <div>
          <Button
            variant="default"
            size="xs"
            loading={lookUp.isPending}
            onClick={() => lookUp.mutate(external.pinned)}
          >
            {t("course.external.again")}
          </Button>
        </div>
      )}
      <span role="status">
        {lookUp.isSuccess &&
          t(
            lookUp.variables === external.pinned ? "course.external.same" : "course.external.moved",
          )}
      </span>
      <ProblemNotice error={lookUp.error} />
    </>
  )
}

/** Let the Course run what its reference stands for now; called with the digest of before. */
function useLookUpAgain(course: Course) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async (_before: string) => {
      const { data, error } = await http.POST("/api/courses/{course_id}/external-image", {
        params: { path: { course_id: course.id }, header: { "If-Match": course.etag } },
      })
      if (error) throw error
      return data
    },
    onSuccess: (changed) => cache.setQueryData(courseOf(course.id).queryKey, changed),
  })
}
