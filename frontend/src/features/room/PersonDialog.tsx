/** What a teacher does for one student: start, restart, extend, message, open, read the logs. */
import { Button, Group, Modal, Textarea } from "@mantine/core"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { RoomPerson } from "@/api/types"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { DoneNotice } from "./DoneNotice"
import { PersonLogs } from "./PersonLogs"
import { PersonState } from "./PersonState"
import { type Act, useOpenFor, useRoomAct } from "./room"
import styles from "./room.module.css"

const EXTEND_MINUTES = 15

type Props = {
  courseId: string
  person: RoomPerson
  /** Opens the dialog of extra time in place of this one. */
  onExtraTime: () => void
  onClose: () => void
}

export function PersonDialog({ courseId, person, onExtraTime, onClose }: Props) {
  const { t } = useTranslation()
  const act = useRoomAct(courseId)
  const id = person.user_id ?? ""
  const name = person.name ?? t("coursePeople.unnamed")
  const [text, setText] = useState("")
  const [reading, setReading] = useState(false)
  const can = (right: RoomPerson["can"][number]) => person.can.includes(right)
  const does = (request: Act, after?: () => void) => act.mutate(request, { onSuccess: after })
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t("room.personTitle", { name, interpolation: { escapeValue: false } })}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      <PersonState person={person} />
      <Group gap="sm" mt="md">
        {can("start") && (
          <Button loading={act.isPending} onClick={() => does({ verb: "start", people: [id] })}>
            {t("room.act.start")}
          </Button>
        )}
        {can("extend") && (
          <Button
            variant="default"
            loading={act.isPending}
            onClick={() => does({ verb: "extend", people: [id], minutes: EXTEND_MINUTES })}
          >
            {t("room.act.extend", { minutes: EXTEND_MINUTES })}
          </Button>
        )}
        {can("restart") && (
          <Button
            variant="default"
            loading={act.isPending}
            onClick={() => does({ verb: "restart", people: [id] })}
          >
            {t("room.act.restart")}
          </Button>
        )}
        {can("stop") && (
          <Button
            variant="default"
            color="red"
            loading={act.isPending}
            onClick={() => does({ verb: "stop", people: [id], words: text })}
          >
            {t("room.act.stop")}
          </Button>
        )}
        {can("message") && (
          <Button variant="default" onClick={onExtraTime}>
            {t("extraTime.action")}
          </Button>
        )}
        {can("read_logs") && (
          <Button
            variant="default"
            aria-expanded={reading}
            onClick={() => setReading((was) => !was)}
          >
            {t(reading ? "room.hideLogs" : "room.readLogs")}
          </Button>
        )}
      </Group>
      {can("restart") && <p className={styles.dim}>{t("room.restartKeeps")}</p>}
      {can("open") && <OpenPorts courseId={courseId} person={person} />}
      {reading && <PersonLogs courseId={courseId} userId={id} />}
      {can("message") && (
        <>
          <Textarea
            mt="md"
            label={t("room.message")}
            description={t("room.messageHelp")}
            autosize
            minRows={2}
            maxLength={500}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button
            mt="sm"
            variant="default"
            disabled={!text.trim()}
            loading={act.isPending}
            onClick={() => does({ verb: "message", people: [id], text }, () => setText(""))}
          >
            {t("room.act.message")}
          </Button>
        </>
      )}
      <DoneNotice done={act.data} people={[person]} />
      <ProblemNotice error={act.error} />
    </Modal>
  )
}

function OpenPorts({ courseId, person }: { courseId: string; person: RoomPerson }) {
  const { t } = useTranslation()
  const open = useOpenFor(courseId, person.user_id ?? "")
  return (
    <>
      <Group gap="sm" mt="md">
        {person.ports.map((port) => (
          <Button
            key={port.number}
            variant="default"
            onClick={() => open.mutate({ port: port.number, waiting: t("room.opening") })}
          >
            {t("room.open", { title: port.title, interpolation: { escapeValue: false } })}
          </Button>
        ))}
      </Group>
      <p className={styles.dim}>{t("room.openShown")}</p>
      <ProblemNotice error={open.error} />
    </>
  )
}
