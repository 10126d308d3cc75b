/** What an operator may decide about one person: a menu, and a question before what hurts. */
import { ActionIcon, Menu, Textarea } from "@mantine/core"
import { IconDots } from "@tabler/icons-react"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { PersonCan, PersonEntry } from "@/api/types"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import type { useDecide } from "./people"

const ASKED = ["make_operator", "unmake_operator", "withdraw_build", "disable"] as const
type Asked = (typeof ASKED)[number]

type Props = { person: PersonEntry; decide: ReturnType<typeof useDecide> }

export function PersonActions({ person, decide }: Props) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<Asked | null>(null)
  const act = (what: PersonCan) => {
    const question = ASKED.find((asked) => asked === what)
    decide.reset()
    if (question && !isDecline(person, what)) setAsked(question)
    else decide.mutate({ personId: person.id, act: what })
  }
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon
            variant="default"
            size={36}
            loading={decide.isPending && decide.variables.personId === person.id}
            aria-label={t("app.actionsOf", { name: person.name })}
          >
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {person.can.map((what) => (
            <Menu.Item
              key={what}
              color={what === "disable" ? "red" : undefined}
              onClick={() => act(what)}
            >
              {t(`people.act.${isDecline(person, what) ? "decline_build" : what}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {asked && (
        <Question person={person} asked={asked} decide={decide} onClose={() => setAsked(null)} />
      )}
    </>
  )
}

/** The same act answers a request with no, or takes an approval back. */
function isDecline(person: PersonEntry, what: PersonCan): boolean {
  return what === "withdraw_build" && person.build_approval === "asked"
}

type QuestionProps = {
  person: PersonEntry
  asked: Asked
  decide: ReturnType<typeof useDecide>
  onClose: () => void
}

function Question({ person, asked, decide, onClose }: QuestionProps) {
  const { t } = useTranslation()
  const [reason, setReason] = useState("")
  const [missing, setMissing] = useState(false)
  const confirm = () => {
    if (asked === "disable" && !reason.trim()) {
      setMissing(true)
      return
    }
    decide.mutate({ personId: person.id, act: asked, reason }, { onSuccess: onClose })
  }
  return (
    <ConfirmDialog
      opened
      title={t(`people.ask.${asked}.title`, { name: person.name })}
      confirm={t(`people.ask.${asked}.confirm`)}
      danger={asked === "disable"}
      busy={decide.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>{t(`people.ask.${asked}.text`)}</p>
      {asked === "disable" && (
        <>
          <p>{t("people.ask.disable.running", { count: person.running_environments })}</p>
          <Textarea
            label={t("people.ask.disable.reason")}
            description={t("people.ask.disable.reasonHelp")}
            autosize
            minRows={2}
            maxLength={500}
            required
            value={reason}
            error={missing && !reason.trim() ? t("people.ask.disable.reasonMissing") : undefined}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        </>
      )}
      <ProblemNotice error={decide.error} />
    </ConfirmDialog>
  )
}
