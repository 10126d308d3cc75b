/** Why an image runs as root: one line for each finding, with its place. */
import { useTranslation } from "react-i18next"
import type { RootFinding } from "@/api/types"

export function RootFindings({ findings }: { findings: RootFinding[] }) {
  const { t } = useTranslation()
  return (
    <ul>
      {findings.map((finding) => (
        <li key={`${finding.kind} ${finding.file} ${finding.line} ${finding.detail}`}>
          {t(`root.finding.${finding.kind}`, {
            detail: finding.detail,
            interpolation: { escapeValue: false },
          })}
          {finding.line && ` (${t(`root.place.${finding.file}`, { line: finding.line })})`}
        </li>
      ))}
    </ul>
  )
}
