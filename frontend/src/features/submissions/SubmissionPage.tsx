/** One submission: whose, when, its files to read and to download. */
import { Select } from "@mantine/core"
import { useSuspenseQuery } from "@tanstack/react-query"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "@/lib/format"
import { Notice } from "@/ui/feedback/Notice"
import { FileBrowser } from "@/ui/files/FileBrowser"
import { type Submission, submissionOf, submittedFiles } from "./submissions"
import styles from "./submissions.module.css"

type Props = {
  courseId: string
  id: string
  back: ReactNode
  onOpen: (submission: string) => void
}

export function SubmissionPage({ courseId, id, back, onOpen }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data } = useSuspenseQuery(submissionOf(courseId, id))
  const { others, ...own } = data
  const named = (item: Submission) => ({
    value: item.id,
    label: `${format.dateTime(new Date(item.submitted_at))} · ${t("submissions.files", { count: item.files })}`,
  })
  const all = [own, ...others]
    .filter((item) => item.state === "ready" || item.id === id)
    .sort((a, b) => b.submitted_at.localeCompare(a.submitted_at))
  return (
    <section aria-label={data.name}>
      {back}
      <div className={styles.head}>
        <div>
          <h2 className={styles.name}>{data.name}</h2>
          <p className={styles.dim}>{format.exact(new Date(data.submitted_at))}</p>
        </div>
        {all.length > 1 && (
          <Select
            label={t("submissions.choose")}
            allowDeselect={false}
            value={id}
            onChange={(value) => value && onOpen(value)}
            data={all.map(named)}
          />
        )}
      </div>
      {data.changing > 0 && (
        <Notice tone="warn">{t("submissions.changing", { count: data.changing })}</Notice>
      )}
      {data.state === "ready" ? (
        <FileBrowser key={id} source={submittedFiles(courseId, id)} />
      ) : (
        <Notice tone="info">
          {t(data.state === "pending" ? "submissions.copying" : "submissions.failedShort")}
        </Notice>
      )}
    </section>
  )
}
