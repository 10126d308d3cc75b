/** The difference of two texts, line by line, as `diff -u` shows it. */
import { structuredPatch } from "diff"

export type DiffRow = { key: string; kind: "same" | "added" | "removed" | "gap"; text: string }

const CONTEXT = 3

/** No lines where the texts are equal. */
export function textDiff(before: string, after: string): DiffRow[] {
  const { hunks } = structuredPatch("", "", before, after, "", "", { context: CONTEXT })
  return hunks.flatMap((hunk, at) => [
    {
      key: `gap ${at}`,
      kind: "gap" as const,
      text: `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
    },
    ...hunk.lines
      .filter((line) => !line.startsWith("\\"))
      .map((line, index) => ({
        key: `${at} ${index}`,
        kind: kindOf(line),
        text: line,
      })),
  ])
}

function kindOf(text: string): DiffRow["kind"] {
  if (text.startsWith("+")) return "added"
  return text.startsWith("-") ? "removed" : "same"
}
