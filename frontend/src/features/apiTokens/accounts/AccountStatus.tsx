/** Whether a service account is accepted, as an icon and a word. */
import { useTranslation } from "react-i18next"
import type { ServiceAccount } from "@/api/types"
import { Status } from "@/ui/feedback/Status"
import type { Tone } from "@/ui/feedback/tones"
import { type AccountState, accountState } from "./serviceAccounts"

const TONES: Record<AccountState, Tone> = { disabled: "still", orphan: "bad", active: "ok" }

export function AccountStatus({ account }: { account: ServiceAccount }) {
  const { t } = useTranslation()
  const state = accountState(account)
  return <Status tone={TONES[state]}>{t(`serviceAccounts.word.${state}`)}</Status>
}
