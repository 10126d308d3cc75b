/** Choosing content for the LMS, in its dialog of 770 × 578. */
import { Button, Checkbox, Switch } from "@mantine/core"
import { IconPlus } from "@tabler/icons-react"
import { useMutation, useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import type { CourseSummary } from "@/api/types"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { CourseChoice } from "@/ui/fields/CourseChoice"
import { Preferences } from "@/ui/page/Preferences"
import { cancelChoice, sendChoice, whatIsTaken } from "./deepLinking"
import styles from "./Picker.module.css"
import { Return } from "./Return"

export function Picker({ deepLinkingId }: { deepLinkingId: string }) {
  const { t } = useTranslation()
  const [several, setSeveral] = useState(false)
  const [grade, setGrade] = useState(false)
  const [chosen, setChosen] = useState<CourseSummary[]>([])
  const { data: taken, error: closed } = useQuery({
    queryKey: ["deep-linking", deepLinkingId],
    queryFn: () => whatIsTaken(deepLinkingId),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const send = useMutation({
    mutationFn: () =>
      sendChoice(
        deepLinkingId,
        chosen.map((course) => course.id),
        grade,
      ),
  })
  const cancel = useMutation({ mutationFn: () => cancelChoice(deepLinkingId) })
  const answer = send.data ?? cancel.data
  const leaving = answer !== undefined

  useEffect(() => {
    document.title = `${t("picker.title")} · MyDocker`
  }, [t])

  return (
    <main className={styles.page} id="content">
      <header className={styles.head}>
        <div>
          <h1>{t("picker.title")}</h1>
          <p>{t("picker.text")}</p>
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
      <ProblemNotice error={send.error ?? cancel.error ?? (leaving ? null : closed)} />
      {answer && <Return answer={answer} />}
      <CourseChoice several={several} readyOnly chosen={chosen} onChoose={setChosen} />
      <div className={styles.options}>
        {taken?.several && (
          <Switch
            label={t("picker.multiple")}
            checked={several}
            onChange={(event) => {
              setSeveral(event.currentTarget.checked)
              setChosen(chosen.slice(0, 1))
            }}
          />
        )}
        {taken?.grade_column && (
          <Checkbox
            label={t("picker.grade")}
            checked={grade}
            onChange={(event) => setGrade(event.currentTarget.checked)}
          />
        )}
      </div>
      <footer className={styles.foot}>
        <span role="status">
          {leaving
            ? t("picker.returning")
            : chosen.length === 1 && chosen[0]
              ? chosen[0].title
              : t("picker.chosen", { count: chosen.length })}
        </span>
        <Button
          variant="default"
          disabled={leaving}
          loading={cancel.isPending}
          onClick={() => cancel.mutate()}
        >
          {t("picker.cancel")}
        </Button>
        <Button
          disabled={chosen.length === 0 || leaving}
          loading={send.isPending}
          onClick={() => send.mutate()}
        >
          {t("picker.confirm")}
        </Button>
      </footer>
    </main>
  )
}
