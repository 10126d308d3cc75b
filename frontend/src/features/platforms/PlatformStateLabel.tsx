/** The state of a platform as an icon and a word. */
import { useTranslation } from "react-i18next"
import type { PlatformState } from "@/api/types"
import { Status } from "@/ui/feedback/Status"
import type { Tone } from "@/ui/feedback/tones"

const TONES: Record<PlatformState, Tone> = { pending: "warn", active: "ok", disabled: "still" }

export function PlatformStateLabel({ state }: { state: PlatformState }) {
  const { t } = useTranslation()
  return <Status tone={TONES[state]}>{t(`platforms.state.${state}`)}</Status>
}
