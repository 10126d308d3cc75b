/** What takes most of the work folder, so that its owner knows what to delete. */
import { useTranslation } from "react-i18next"
import { api } from "@/api/client"
import { sizeOf } from "@/lib/sizes"
import styles from "../window.module.css"

const MOST = 5

export function LargestFiles({ courseId }: { courseId: string }) {
  const { t, i18n } = useTranslation()
  // The warning stands without it: a machine that does not answer is no second warning.
  const { data } = api.useQuery(
    "get",
    "/api/courses/{course_id}/folder/largest",
    { params: { path: { course_id: courseId } } },
    { staleTime: 60_000, retry: false },
  )
  const files = data?.files.slice(0, MOST) ?? []
  if (files.length === 0) return null
  return (
    <>
      <p className={styles.largestTitle}>{t("files.largest")}</p>
      <ul className={styles.largest}>
        {files.map((file) => (
          <li key={file.path}>
            <code>{file.path}</code> {sizeOf(file.bytes, i18n.language)}
          </li>
        ))}
      </ul>
      <p>{t("files.largestText")}</p>
    </>
  )
}
