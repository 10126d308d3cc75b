/** Granting extra time to one person or to everybody, and taking it back. */
import { Group, NativeSelect, NumberInput } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "@/lib/format"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { ExtraTimeGrants } from "./ExtraTimeGrants"
import { isAmount, type Measure, MOST, sessionsOf, useGrantExtraTime } from "./extraTime"

type Props = {
  courseId: string
  /** None: everybody. */
  person?: { id: string; name: string }
  onClose: () => void
}

export function ExtraTimeDialog({ courseId, person, onClose }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const grant = useGrantExtraTime(courseId)
  const { data } = useQuery(sessionsOf(courseId))
  const [measure, setMeasure] = useState<Measure>(person ? "percent" : "minutes")
  const [amount, setAmount] = useState<number | string>(person ? 33 : 10)
  const [chosen, setChosen] = useState<string>("")
  const sessions = (data?.items ?? []).map((session) => ({
    value: session.id,
    label: t("extraTime.session", {
      title: session.title || t("session.untitled"),
      when: format.range(new Date(session.starts_at), new Date(session.ends_at), new Date()),
      interpolation: { escapeValue: false },
    }),
  }))
  const right = isAmount(amount, measure)
  const confirm = () =>
    grant.mutate(
      { user_id: person?.id ?? null, session_id: chosen || null, [measure]: Number(amount) },
      { onSuccess: onClose },
    )
  return (
    <ConfirmDialog
      opened
      title={
        person
          ? t("extraTime.titleFor", { name: person.name, interpolation: { escapeValue: false } })
          : t("extraTime.titleAll")
      }
      confirm={t("extraTime.grant")}
      busy={grant.isPending}
      disabled={!right}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>{t("extraTime.text")}</p>
      <NativeSelect
        label={t("extraTime.sessions")}
        value={chosen}
        data={[{ value: "", label: t("extraTime.allSessions") }, ...sessions]}
        onChange={(event) => setChosen(event.currentTarget.value)}
      />
      <Group align="flex-start" mt="sm" gap="sm" grow>
        <NumberInput
          label={t("extraTime.amount")}
          allowDecimal={false}
          value={amount}
          error={
            right ? undefined : t("extraTime.amountWrong", { most: format.number(MOST[measure]) })
          }
          onChange={setAmount}
        />
        <NativeSelect
          label={t("extraTime.measure")}
          value={measure}
          data={(["minutes", "percent"] as const).map((value) => ({
            value,
            label: t(`extraTime.${value}`),
          }))}
          onChange={(event) => setMeasure(event.currentTarget.value as Measure)}
        />
      </Group>
      <ProblemNotice error={grant.error} />
      <ExtraTimeGrants courseId={courseId} personId={person?.id ?? null} sessions={sessions} />
    </ConfirmDialog>
  )
}
