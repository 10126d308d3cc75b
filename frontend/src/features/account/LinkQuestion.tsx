/** Two accounts, proved a moment ago: what making them one means, and the question. */
import { Button, Group } from "@mantine/core"
import { IconArrowMerge } from "@tabler/icons-react"
import { useMutation, useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { http, queryClient } from "@/api/client"
import { ProblemError } from "@/api/problems"
import type { LinkRequestShown, Moving } from "@/api/types"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { PlainPage } from "@/ui/page/PlainPage"
import { linkRequest, useWayName } from "./account"
import styles from "./account.module.css"

const ICON = <IconArrowMerge size={36} stroke={1.6} aria-hidden />
const COUNTED = ["courses", "images", "memberships", "environments", "ssh_keys"] as const

export function LinkQuestion({ id }: { id: string }) {
  const { t } = useTranslation()
  const asked = useQuery({ ...linkRequest(id), retry: false, staleTime: Infinity })
  if (asked.error) {
    return (
      <PlainPage title={t("account.question.impossible")} icon={ICON} action={<Back />}>
        <ProblemNotice error={asked.error} />
      </PlainPage>
    )
  }
  return asked.data ? <Question asked={asked.data} /> : null
}

function Back() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return (
    <Button variant="default" onClick={() => void navigate({ to: "/account" })}>
      {t("account.question.back")}
    </Button>
  )
}

function Question({ asked }: { asked: LinkRequestShown }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const decide = useDecide(asked.id, () => void navigate({ to: "/account", replace: true }))
  return (
    <PlainPage
      title={t(asked.moving ? "account.question.joinTitle" : "account.question.linkTitle")}
      icon={ICON}
      action={
        <Group gap="sm">
          <Button
            loading={decide.isPending && decide.variables === "accept"}
            onClick={() => decide.mutate("accept")}
          >
            {t(asked.moving ? "account.question.join" : "account.question.link")}
          </Button>
          <Button
            variant="default"
            loading={decide.isPending && decide.variables === "decline"}
            onClick={() => decide.mutate("decline")}
          >
            {t("account.question.decline")}
          </Button>
        </Group>
      }
    >
      <Side said="account.question.mine" side={asked.mine} />
      <Side said="account.question.other" side={asked.other} />
      {asked.moving ? <WhatMoves moving={asked.moving} /> : <p>{t("account.question.nothing")}</p>}
      <p>{t("account.question.warning")}</p>
      <ProblemNotice error={decide.error} />
    </PlainPage>
  )
}

type SideProps = {
  said: "account.question.mine" | "account.question.other"
  side: LinkRequestShown["mine"]
}

function Side({ said, side }: SideProps) {
  const { t } = useTranslation()
  const wayName = useWayName()
  const ways = side.issuers.map(wayName).join(", ")
  return <p className={styles.side}>{t(said, { name: side.name, ways })}</p>
}

function WhatMoves({ moving }: { moving: Moving }) {
  const { t } = useTranslation()
  const counted = COUNTED.filter((what) => moving[what] > 0)
  const rights = (["operates", "may_build"] as const).filter((what) => moving[what])
  const nothing = counted.length + rights.length === 0
  return (
    <>
      <p>{t(nothing ? "account.question.empty" : "account.question.moves")}</p>
      {!nothing && (
        <ul className={styles.moves}>
          {counted.map((what) => (
            <li key={what}>{t(`account.moving.${what}`, { count: moving[what] })}</li>
          ))}
          {rights.map((what) => (
            <li key={what}>{t(`account.moving.${what}`)}</li>
          ))}
        </ul>
      )}
      {moving.running > 0 && <p>{t("account.question.stops", { count: moving.running })}</p>}
      {moving.set_aside.length > 0 && (
        <p>{t("account.question.setAside", { courses: moving.set_aside.join(", ") })}</p>
      )}
    </>
  )
}

function useDecide(id: string, onDone: () => void) {
  const params = { path: { link_id: id } }
  return useMutation({
    mutationFn: async (answer: "accept" | "decline") => {
      const { error } =
        answer === "accept"
          ? await http.POST("/api/account/link-requests/{link_id}/accept", { params })
          : await http.DELETE("/api/account/link-requests/{link_id}", { params })
      if (error) throw new ProblemError(error)
    },
    onSuccess: (_, answer) => {
      if (answer === "accept") void queryClient.invalidateQueries()
      onDone()
    },
  })
}
