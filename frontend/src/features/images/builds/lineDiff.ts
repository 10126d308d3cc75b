/** The difference of two texts, line by line, as `diff -u` shows it. */
import { structuredPatch } from "diff"

export type DiffLine = { key: string; kind: "same" | "added" | "removed" | "gap"; text: string }

const CONTEXT = 3

/** No lines where the texts are equal. */
export function lineDiff(before: string, after: string): DiffLine[] {
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

function kindOf(line: string): DiffLine["kind"] {
  if (line.startsWith("+")) return "added"
  return line.startsWith("-") ? "removed" : "same"
}
