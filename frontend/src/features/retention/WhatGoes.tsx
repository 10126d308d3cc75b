/** Before a course is deleted: how many folders of how many people go, their size, and when. */
import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { useFormat } from "@/lib/format"
import { sizeOf } from "@/lib/sizes"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { type CourseFolders, courseFolders } from "./retention"

export function WhatGoes({ courseId }: { courseId: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data, error } = useQuery({ ...courseFolders(courseId, true), staleTime: 0 })
  if (error) return <ProblemNotice error={error} />
  if (!data) return <p role="status">{t("retention.counting")}</p>
  if (data.folders === 0) return <p>{t("retention.noFolders")}</p>
  const at = new Date(Date.now() + data.deletion_days * 86_400_000)
  return (
    <>
      <p>
        {t("retention.folders", { count: data.folders })}{" "}
        {t("retention.of", { count: data.people })} <SizeOfFolders folders={data} />
      </p>
      <p>{t("retention.deletedAt", { date: format.date(at) })}</p>
    </>
  )
}

/** The size of all folders, as far as it is known. */
export function SizeOfFolders({ folders }: { folders: CourseFolders }) {
  const { t, i18n } = useTranslation()
  const unknown = folders.folders - folders.measured
  const size = sizeOf(folders.known_bytes, i18n.language)
  if (folders.measured <= 0) return t("retention.sizeUnknown")
  if (unknown > 0) return t("retention.sizePartly", { size, count: unknown })
  return t("retention.size", { size })
}
