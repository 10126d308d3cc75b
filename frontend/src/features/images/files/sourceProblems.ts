/** Sources of COPY that a build would not find, as the server sees them. */
import type { TFunction } from "i18next"
import { http } from "@/api/client"
import type { CodeProblem } from "@/ui/fields/CodeEditor"

/** None while the server does not answer: the build itself says the same later. */
export async function sourceProblems(
  imageId: string,
  dockerfile: string,
  hasWrapper: boolean,
  t: TFunction,
): Promise<CodeProblem[]> {
  const { data } = await http
    .POST("/api/images/{image_id}/dockerfile/check", {
      params: { path: { image_id: imageId } },
      body: { dockerfile, has_wrapper: hasWrapper },
    })
    .catch(() => ({ data: undefined }))
  return (data?.problems ?? []).map(({ line, kind, source, suggestion }) => {
    const key = suggestion ? "source_elsewhere" : kind
    return {
      line,
      message: t(`image.hint.${key}`, { source, suggestion }),
      severity: kind === "pattern_empty" ? "warning" : "error",
    }
  })
}
