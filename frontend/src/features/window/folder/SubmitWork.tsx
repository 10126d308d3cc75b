/** Submitting work: one button, what was submitted last, and until when it may be repeated. */
import { Button } from "@mantine/core"
import { IconSend } from "@tabler/icons-react"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useRef } from "react"
import { useTranslation } from "react-i18next"
import { api, http } from "@/api/client"
import type { components } from "@/api/schema"
import type { StudentWindow } from "@/api/types"
import { useFormat } from "@/lib/format"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { useProblemText } from "@/ui/feedback/problemText"
import { Status } from "@/ui/feedback/Status"
import styles from "../window.module.css"

type Submission = components["schemas"]["Submission"]
const MINE = "/api/courses/{course_id}/submissions/mine"
const WAITING = 1_500

export function SubmitWork({ window }: { window: StudentWindow }) {
  const { t } = useTranslation()
  const format = useFormat()
  const cache = useQueryClient()
  const params = { path: { course_id: window.course.id } }
  const mine = api.useQuery(
    "get",
    MINE,
    { params },
    {
      staleTime: 0,
      refetchInterval: ({ state }) => (isPending(state.data?.items) ? WAITING : 30_000),
    },
  )
  // A lost answer is asked for again under the same key: that submits once.
  const key = useRef("")
  const submit = useMutation({
    mutationFn: async () => {
      key.current ||= crypto.randomUUID()
      const header = { "Idempotency-Key": key.current }
      const { error } = await http.POST("/api/courses/{course_id}/submissions", {
        params: { ...params, header },
      })
      if (error) throw error
      key.current = ""
    },
    onSettled: () => cache.invalidateQueries({ predicate: (query) => query.queryKey[1] === MINE }),
  })
  const { data } = mine
  if (!data) return <ProblemNotice error={mine.error} />
  const pending = isPending(data.items)
  const until = data.until ? new Date(data.until) : null
  return (
    <section className={styles.submit} aria-label={t("submissions.title")}>
      <div>
        <strong>{t("submissions.title")}</strong>
        <p className={styles.submitText}>
          {data.state === "open"
            ? until
              ? t("submissions.until", { when: format.moment(until, new Date()) })
              : t("submissions.openText")
            : t(`submissions.state.${data.state}`)}
        </p>
        <div role="status" aria-live="polite">
          <Last items={data.items} />
        </div>
        <ProblemNotice error={submit.error} />
      </div>
      {data.state === "open" && (
        <Button
          variant="default"
          leftSection={<IconSend size={17} aria-hidden />}
          loading={submit.isPending || pending}
          onClick={() => submit.mutate()}
        >
          {t(data.items.length ? "submissions.again" : "submissions.submit")}
        </Button>
      )}
    </section>
  )
}

function isPending(items: Submission[] | undefined): boolean {
  return items?.[0]?.state === "pending"
}

/** The newest submission; of a failed one also the last that stands. */
function Last({ items }: { items: Submission[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const textOf = useProblemText()
  const [newest] = items
  if (!newest) return null
  const when = (item: Submission) => format.moment(new Date(item.submitted_at), new Date())
  if (newest.state === "pending") {
    return <Status tone="info">{t("submissions.copying")}</Status>
  }
  if (newest.state === "ready") {
    return (
      <Status tone="ok">
        {t("submissions.done", { when: when(newest), count: newest.files })}
        {newest.changing > 0 && ` ${t("submissions.changing", { count: newest.changing })}`}
      </Status>
    )
  }
  const before = items.find((item) => item.state === "ready")
  const problem = { code: newest.problem ?? "unavailable", status: 409, title: "" }
  return (
    <>
      <Status tone="bad">
        {t("submissions.failed", { when: when(newest), why: textOf(problem) })}
      </Status>
      {before && (
        <p className={styles.submitText}>{t("submissions.stands", { when: when(before) })}</p>
      )}
    </>
  )
}
