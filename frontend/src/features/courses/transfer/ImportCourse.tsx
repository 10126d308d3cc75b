/** A course from a file: choose it, see what it would make, import it. */
import { Button, FileButton, Progress } from "@mantine/core"
import { IconFileImport } from "@tabler/icons-react"
import { type DragEvent, useState } from "react"
import { useTranslation } from "react-i18next"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import dropZone from "@/ui/files/dropZone.module.css"
import { BackLink } from "@/ui/page/BackLink"
import { PageHeader } from "@/ui/page/PageHeader"
import { Section } from "@/ui/page/Section"
import { type ImportedCourse, type Read, useReadCourseFile } from "./courseFiles"
import { ImportDone } from "./ImportDone"
import { ImportReview } from "./ImportReview"

export function ImportCourse() {
  const { t } = useTranslation()
  const [read, setRead] = useState<Read | null>(null)
  const [made, setMade] = useState<ImportedCourse | null>(null)
  return (
    <>
      <PageHeader
        title={t("courseFile.title")}
        above={<BackLink to="/dashboard/courses">{t("nav.courses")}</BackLink>}
      >
        {t("courseFile.text")}
      </PageHeader>
      {made ? (
        <ImportDone made={made} />
      ) : read ? (
        <ImportReview read={read} onMade={setMade} onOther={() => setRead(null)} />
      ) : (
        <ChooseFile onRead={setRead} />
      )}
    </>
  )
}

function ChooseFile({ onRead }: { onRead: (read: Read) => void }) {
  const { t } = useTranslation()
  const reading = useReadCourseFile()
  const [isOver, setIsOver] = useState(false)
  const take = (file: File | null | undefined) => {
    if (file && !reading.isPending) reading.mutate(file, { onSuccess: onRead })
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    take(event.dataTransfer.files[0])
  }
  return (
    <Section title={t("courseFile.choose")} text={t("courseFile.chooseText")}>
      {!reading.error?.name?.includes("Abort") && <ProblemNotice error={reading.error} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same by keyboard */}
      <div
        className={dropZone.drop}
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault()
          setIsOver(true)
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
      >
        {reading.sent === null ? (
          <>
            <IconFileImport size={28} stroke={1.6} aria-hidden />
            <p>{t("courseFile.drop")}</p>
            <FileButton accept=".zip,application/zip" onChange={take}>
              {(props) => <Button {...props}>{t("courseFile.chooseButton")}</Button>}
            </FileButton>
          </>
        ) : (
          <div className={dropZone.progress}>
            <span role="status">
              {t(reading.sent < 1 ? "courseFile.sending" : "courseFile.reading")}
            </span>
            <Progress
              value={Math.round(reading.sent * 100)}
              animated={reading.sent === 1}
              aria-label={t("courseFile.progress")}
            />
            {reading.sent < 1 && (
              <Button variant="subtle" size="xs" onClick={reading.cancel}>
                {t("app.cancel")}
              </Button>
            )}
          </div>
        )}
      </div>
    </Section>
  )
}
