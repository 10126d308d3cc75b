/** For how many something was done, and for whom not, with the reason in words. */
import { useTranslation } from "react-i18next"
import type { RoomPerson } from "@/api/types"
import { Notice } from "@/ui/feedback/Notice"
import { useProblemText } from "@/ui/feedback/problemText"
import type { Done } from "./room"

export function DoneNotice({ done, people }: { done: Done | undefined; people: RoomPerson[] }) {
  const { t } = useTranslation()
  const text = useProblemText()
  if (!done) return <div role="status" />
  const names = new Map(people.map((person) => [person.user_id, person.name]))
  return (
    <Notice
      tone={done.refused.length > 0 ? "warn" : "ok"}
      title={t(`room.done.${done.verb}`, { count: done.done })}
    >
      {done.refused.length > 0 && (
        <ul>
          {done.refused.map(({ user_id, code }) => (
            <li key={user_id}>
              {t("room.refused", {
                name: names.get(user_id) ?? t("coursePeople.unnamed"),
                why: text({ code, status: 409, title: "" }),
                interpolation: { escapeValue: false },
              })}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  )
}
