/** What a teacher does for the whole class, each after a question. */
import { Button, Group, NumberInput, Textarea } from "@mantine/core"
import { IconClockPlus, IconMessage, IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react"
import { type ReactNode, useState } from "react"
import { useTranslation } from "react-i18next"
import type { RoomPerson } from "@/api/types"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { DoneNotice } from "./DoneNotice"
import { type Act, useRoomAct } from "./room"

type Asked = "start" | "extend" | "message" | "stop"

type Props = { courseId: string; people: RoomPerson[]; more: ReactNode }

export function RoomActs({ courseId, people, more }: Props) {
  const { t } = useTranslation()
  const act = useRoomAct(courseId)
  const [asked, setAsked] = useState<Asked | null>(null)
  const [words, setWords] = useState("")
  const [minutes, setMinutes] = useState<number | string>(15)
  const may = (right: RoomPerson["can"][number]) =>
    people.some((person) => person.can.includes(right))
  const close = () => setAsked(null)
  const run = (request: Act) =>
    act.mutate(request, {
      onSuccess: () => {
        close()
        setWords("")
      },
    })
  const dialog = (verb: Asked) => ({
    opened: asked === verb,
    busy: act.isPending,
    onClose: close,
  })
  const buttons = [
    { verb: "start", icon: IconPlayerPlay },
    { verb: "extend", icon: IconClockPlus },
    { verb: "message", icon: IconMessage },
    { verb: "stop", icon: IconPlayerStop },
  ] as const
  return (
    <>
      <Group gap="sm" mb="md">
        {buttons
          .filter(({ verb }) => may(verb))
          .map(({ verb, icon: ActIcon }) => (
            <Button
              key={verb}
              variant={verb === "start" ? "filled" : "default"}
              leftSection={<ActIcon size={17} aria-hidden />}
              onClick={() => setAsked(verb)}
            >
              {t(`room.${verb}All`)}
            </Button>
          ))}
        {more}
      </Group>
      <ConfirmDialog
        {...dialog("start")}
        title={t("room.startAllTitle")}
        confirm={t("room.startAll")}
        onConfirm={() => run({ verb: "start", people: null })}
      >
        <p>{t("room.startAllText")}</p>
        <ProblemNotice error={act.error} />
      </ConfirmDialog>
      <ConfirmDialog
        {...dialog("extend")}
        title={t("room.extendAllTitle")}
        confirm={t("room.extendAll")}
        disabled={typeof minutes !== "number"}
        onConfirm={() => run({ verb: "extend", people: null, minutes: Number(minutes) })}
      >
        <p>{t("room.extendAllText")}</p>
        <NumberInput
          label={t("room.minutes")}
          min={1}
          max={1440}
          allowDecimal={false}
          value={minutes}
          onChange={setMinutes}
        />
        <ProblemNotice error={act.error} />
      </ConfirmDialog>
      <ConfirmDialog
        {...dialog("message")}
        title={t("room.messageAllTitle")}
        confirm={t("room.act.message")}
        disabled={!words.trim()}
        onConfirm={() => run({ verb: "message", people: null, text: words })}
      >
        <Words label={t("room.message")} help={t("room.messageAllHelp")} {...{ words, setWords }} />
        <ProblemNotice error={act.error} />
      </ConfirmDialog>
      <ConfirmDialog
        {...dialog("stop")}
        title={t("room.stopAllTitle")}
        confirm={t("room.stopAll")}
        danger
        onConfirm={() => run({ verb: "stop", people: null, words })}
      >
        <p>{t("room.stopAllText")}</p>
        <Words label={t("room.stopWords")} {...{ words, setWords }} />
        <ProblemNotice error={act.error} />
      </ConfirmDialog>
      <DoneNotice done={act.data} people={people} />
    </>
  )
}

type WordsProps = {
  label: string
  help?: string
  words: string
  setWords: (words: string) => void
}

function Words({ label, help, words, setWords }: WordsProps) {
  return (
    <Textarea
      label={label}
      description={help}
      autosize
      minRows={2}
      maxLength={500}
      data-autofocus
      value={words}
      onChange={(event) => setWords(event.currentTarget.value)}
    />
  )
}
