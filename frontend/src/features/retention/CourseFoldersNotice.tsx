/** Tells teachers when the work folders of a course go; lets them postpone, or undo a deletion. */
import { Box, Button } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "@/lib/format"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { MomentField } from "@/ui/fields/moment/MomentField"
import { type CourseFolders, courseFolders, useKeep, useUndoDeletion } from "./retention"

export function CourseFoldersNotice({ courseId }: { courseId: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data } = useQuery(courseFolders(courseId))
  if (!data || data.notice === "none" || (!data.folders && !data.deleted_at)) return null
  const date = data.erase_at ? format.date(new Date(data.erase_at)) : ""
  const title = data.deleted_at
    ? "retention.courseDeleted"
    : data.notice === "due"
      ? "retention.courseDue"
      : "retention.course"
  return (
    <Box mb="md">
      <Notice
        polite
        tone={data.notice === "first" ? "warn" : "bad"}
        title={t(title, { date })}
        action={data.deleted_at ? <Undo folders={data} /> : <Postpone folders={data} />}
      >
        {t("retention.folders", { count: data.folders })}{" "}
        {t("retention.of", { count: data.people })} {!data.deleted_at && t("retention.courseText")}
      </Notice>
    </Box>
  )
}

function Undo({ folders }: { folders: CourseFolders }) {
  const { t } = useTranslation()
  const undo = useUndoDeletion(folders.course_id)
  if (!folders.can.includes("undo_deletion")) return null
  return (
    <>
      <Button variant="default" loading={undo.isPending} onClick={() => undo.mutate()}>
        {t("retention.undo")}
      </Button>
      <ProblemNotice error={undo.error} />
    </>
  )
}

const day = (at: Date) => at.toISOString().slice(0, 10)

/** Asks until when the folders are kept. */
export function Postpone({ folders }: { folders: CourseFolders }) {
  const { t } = useTranslation()
  const keep = useKeep(folders.course_id)
  const [until, setUntil] = useState<string | null>(null)
  if (!folders.can.includes("postpone")) return null
  const tomorrow = day(new Date(Date.now() + 86_400_000))
  const latest = day(new Date(folders.latest_keep))
  const asked = day(new Date(Date.now() + 180 * 86_400_000))
  const isValid = until !== null && until >= tomorrow && until <= latest
  const close = () => {
    setUntil(null)
    keep.reset()
  }
  return (
    <>
      <Button
        variant="default"
        aria-label={t("retention.postponeNamed", { title: folders.course_title })}
        onClick={() => setUntil(asked)}
      >
        {t("retention.postpone")}
      </Button>
      <ConfirmDialog
        opened={until !== null}
        title={t("retention.postponeTitle", { title: folders.course_title })}
        confirm={t("retention.postponeConfirm")}
        busy={keep.isPending}
        disabled={!isValid}
        onClose={close}
        onConfirm={() =>
          until && keep.mutate(new Date(`${until}T12:00:00`).toISOString(), { onSuccess: close })
        }
      >
        <MomentField
          kind="day"
          label={t("retention.postponeUntil")}
          description={t("retention.postponeHelp")}
          min={tomorrow}
          max={latest}
          value={until ?? ""}
          error={until !== null && !isValid && t("retention.postponeInvalid")}
          onChange={setUntil}
        />
        <ProblemNotice error={keep.error} />
      </ConfirmDialog>
    </>
  )
}
