/** The phase of a Build as an icon and a word. */
import { useTranslation } from "react-i18next"
import type { BuildPhase } from "@/api/types"
import { Status } from "@/ui/feedback/Status"
import type { Tone } from "@/ui/feedback/tones"

export const TONES: Record<BuildPhase, Tone> = {
  queued: "info",
  building: "info",
  pushing: "info",
  succeeded: "ok",
  failed: "bad",
  cancelled: "still",
}

export function BuildPhaseLabel({ phase }: { phase: BuildPhase }) {
  const { t } = useTranslation()
  return <Status tone={TONES[phase]}>{t(`build.phase.${phase}`)}</Status>
}
