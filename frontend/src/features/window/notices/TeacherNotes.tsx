/** What teachers said to the person, and that one of them opened the environment. */
import { Button } from "@mantine/core"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { StudentWindow } from "@/api/types"
import { useFormat } from "@/lib/format"
import { Notice } from "@/ui/feedback/Notice"

type Props = { window: Pick<StudentWindow, "messages" | "visits"> }

export function TeacherNotes({ window }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const raw = { interpolation: { escapeValue: false } }
  const [visit] = window.visits
  // The region exists before its words, so that they are announced.
  return (
    <div role="status" aria-live="polite">
      {window.messages
        .filter((message) => !closed.has(message.id))
        .map((message) => (
          <Notice
            key={message.id}
            tone="info"
            title={t("window.messageFrom", {
              name: message.by,
              time: format.time(new Date(message.at)),
              ...raw,
            })}
            action={
              <Button
                variant="subtle"
                size="compact-sm"
                onClick={() => setClosed((known) => new Set(known).add(message.id))}
              >
                {t("app.close")}
              </Button>
            }
          >
            <span style={{ whiteSpace: "pre-line" }}>{message.text}</span>
          </Notice>
        ))}
      {visit && (
        <Notice
          tone="info"
          title={t("window.visited", {
            name: visit.by,
            time: format.time(new Date(visit.at)),
            ...raw,
          })}
        />
      )}
    </div>
  )
}
