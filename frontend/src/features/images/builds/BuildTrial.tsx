/** Try a Build: an environment as a student would have it, beside the log. */
import { Button } from "@mantine/core"
import { IconPlayerPlay } from "@tabler/icons-react"
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query"
import { type ReactNode, Suspense, useId } from "react"
import { useTranslation } from "react-i18next"
import { api, http } from "@/api/client"
import { Patience } from "@/ui/feedback/Patience"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import styles from "../images.module.css"

/** Shows the environment behind a trial; made by the route. */
export type ShowTrial = (trial: {
  courseId: string
  onStart: () => void
  starting: boolean
}) => ReactNode

type Props = { buildId: string; show: ShowTrial }

function trialOf(buildId: string) {
  return api.queryOptions("get", "/api/builds/{build_id}/trial", {
    params: { path: { build_id: buildId } },
  })
}

export function BuildTrial({ buildId, show }: Props) {
  const { t } = useTranslation()
  const heading = useId()
  const { data } = useSuspenseQuery(trialOf(buildId))
  const begin = useBeginTrial(buildId)
  const starting = begin.isPending
  return (
    <section className={styles.trial} aria-labelledby={heading}>
      <h3 id={heading}>{t("build.trial.title")}</h3>
      <p className={styles.dim}>{t("build.trial.help", { count: data.minutes })}</p>
      <ProblemNotice error={begin.error} />
      {data.course_id ? (
        <Suspense fallback={<Patience />}>
          {show({ courseId: data.course_id, onStart: begin.mutate, starting })}
        </Suspense>
      ) : (
        <div>
          <Button
            leftSection={<IconPlayerPlay size={18} aria-hidden />}
            loading={starting}
            onClick={() => begin.mutate()}
          >
            {t("build.trial.start")}
          </Button>
        </div>
      )}
    </section>
  )
}

function useBeginTrial(buildId: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      const { data, error } = await http.POST("/api/builds/{build_id}/trial", {
        params: { path: { build_id: buildId } },
      })
      if (error) throw error
      return data
    },
    onSuccess: (trial) => {
      cache.setQueryData(trialOf(buildId).queryKey, trial)
      void cache.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[1] === "/api/courses/{course_id}/window",
      })
    },
  })
}
