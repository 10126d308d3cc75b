/** What a person, or everybody, was granted in a Course, and by whom. */
import { Button, Group } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import type { ExtraTime } from "@/api/types"
import { useFormat } from "@/lib/format"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import table from "@/ui/list/table.module.css"
import { extraTimeOf, useWithdrawExtraTime } from "./extraTime"

type Props = {
  courseId: string
  personId: string | null
  sessions: { value: string; label: string }[]
}

export function ExtraTimeGrants({ courseId, personId, sessions }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data, error } = useQuery({ ...extraTimeOf(courseId), staleTime: 0 })
  const withdraw = useWithdrawExtraTime(courseId)
  const rows = (data?.items ?? []).filter(({ user_id }) => user_id === personId || user_id === null)
  const mayWithdraw = (grant: ExtraTime) => grant.user_id !== null || data?.may_grant_everybody
  const amountOf = ({ minutes, percent }: ExtraTime) =>
    minutes
      ? t("extraTime.ofMinutes", { count: minutes })
      : t("extraTime.ofPercent", { percent: percent ?? 0 })
  const sessionsOfGrant = ({ session_id }: ExtraTime) =>
    session_id
      ? (sessions.find(({ value }) => value === session_id)?.label ?? t("extraTime.anotherSession"))
      : t("extraTime.allSessions")
  return (
    <>
      <ProblemNotice error={error ?? withdraw.error} />
      {rows.length > 0 && (
        <ul aria-label={t("extraTime.granted")}>
          {rows.map((grant) => (
            <li key={grant.id}>
              <Group justify="space-between" gap="xs" mt="sm">
                <div>
                  <strong>{amountOf(grant)}</strong>{" "}
                  {grant.user_id === null && personId !== null && t("extraTime.everybody")}
                  <div className={table.under}>{sessionsOfGrant(grant)}</div>
                  <div className={table.under}>
                    {t("extraTime.by", {
                      name: grant.granted_by,
                      when: format.fromNow(new Date(grant.granted_at), new Date()),
                      interpolation: { escapeValue: false },
                    })}
                  </div>
                </div>
                {mayWithdraw(grant) && (
                  <Button
                    variant="default"
                    size="compact-sm"
                    loading={withdraw.isPending && withdraw.variables === grant.id}
                    aria-label={t("extraTime.withdrawNamed", {
                      amount: amountOf(grant),
                      sessions: sessionsOfGrant(grant),
                      interpolation: { escapeValue: false },
                    })}
                    onClick={() => withdraw.mutate(grant.id)}
                  >
                    {t("extraTime.withdraw")}
                  </Button>
                )}
              </Group>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
