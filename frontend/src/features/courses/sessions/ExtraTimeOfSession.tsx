/** Until when extra time goes in a session, and for how many. */
import { useTranslation } from "react-i18next"
import type { VersionedSession } from "@/api/types"
import { useFormat } from "@/lib/format"

export function ExtraTimeOfSession({ session }: { session: VersionedSession }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { extra_minutes: minutes, extra_people: people } = session
  if (minutes === 0) return null
  const end = new Date(new Date(session.ends_at).getTime() + minutes * 60_000)
  return (
    <div>
      {t("extraTime.inSession", {
        end: format.time(end),
        people: people > 0 ? t("extraTime.forPeople", { count: people }) : t("extraTime.forAll"),
      })}
    </div>
  )
}
