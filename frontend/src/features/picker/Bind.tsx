/** An activity that names no Course yet: an editor chooses one, once. */
import { Button } from "@mantine/core"
import { IconPlus } from "@tabler/icons-react"
import { useMutation } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { http } from "@/api/client"
import type { CourseSummary } from "@/api/types"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { CourseChoice } from "@/ui/fields/CourseChoice"
import { Preferences } from "@/ui/page/Preferences"
import styles from "./Picker.module.css"

type Props = { resourceLinkId: string; onBound: (courseId: string) => void }

export function Bind({ resourceLinkId, onBound }: Props) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<CourseSummary[]>([])
  const bind = useMutation({
    mutationFn: async (courseId: string) => {
      const { error } = await http.POST("/api/resource-links/{resource_link_id}/binding", {
        params: { path: { resource_link_id: resourceLinkId } },
        body: { course_id: courseId },
      })
      if (error) throw error
      return courseId
    },
    onSuccess: onBound,
  })
  const course = chosen[0]
  return (
    <main className={styles.page} id="content">
      <header className={styles.head}>
        <div>
          <h1>{t("bind.title")}</h1>
          <p>{t("bind.text")}</p>
        </div>
        <Button
          component={Link}
          to="/dashboard/courses/new"
          variant="default"
          size="sm"
          leftSection={<IconPlus size={16} aria-hidden />}
        >
          {t("picker.create")}
        </Button>
        <Preferences compact />
      </header>
      <ProblemNotice error={bind.error} />
      <CourseChoice several={false} chosen={chosen} onChoose={setChosen} />
      <footer className={styles.foot}>
        <span role="status">{course?.title ?? t("picker.chosen", { count: 0 })}</span>
        <Button
          disabled={!course}
          loading={bind.isPending}
          onClick={() => course && bind.mutate(course.id)}
        >
          {t("bind.confirm")}
        </Button>
      </footer>
    </main>
  )
}
