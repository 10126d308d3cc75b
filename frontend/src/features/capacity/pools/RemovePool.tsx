/** Removing a pool; what stands in the way is said by number and name. */
import { Button, Text } from "@mantine/core"
import { useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { asProblem } from "@/api/problems"
import type { PoolState } from "@/api/types"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { Section } from "@/ui/page/Section"
import { usePoolsAreOld, useRemovePool } from "../capacity"
import styles from "./pools.module.css"

const DEFAULT_POOL = "default"

export function RemovePool({ state }: { state: PoolState }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const remove = useRemovePool()
  const poolsAreOld = usePoolsAreOld()
  const [asked, setAsked] = useState(false)
  const { name, title } = state.pool
  const gone = async () => {
    await navigate({ to: "/dashboard/operate/nodes", ignoreBlocker: true })
    await poolsAreOld()
  }
  if (name === DEFAULT_POOL) {
    return (
      <Text size="sm" c="dimmed">
        {t("pools.remove.default")}
      </Text>
    )
  }
  return (
    <Section title={t("pools.remove.title")} text={t("pools.remove.text")}>
      <div>
        <Button
          variant="default"
          onClick={() => {
            remove.reset()
            setAsked(true)
          }}
        >
          {t("pools.remove.act")}
        </Button>
      </div>
      <ConfirmDialog
        opened={asked}
        title={t("pools.remove.ask", { title })}
        confirm={t("pools.remove.confirm")}
        danger
        busy={remove.isPending}
        onConfirm={() => remove.mutate(state, { onSuccess: () => void gone() })}
        onClose={() => setAsked(false)}
      >
        <div className={styles.stack}>
          <p className={styles.plain}>{t("pools.remove.askText")}</p>
          <ProblemNotice error={remove.error} />
          <Courses error={remove.error} />
        </div>
      </ConfirmDialog>
    </Section>
  )
}

/** Those that choose the pool; whose they are, so that an operator knows whom to ask. */
function Courses({ error }: { error: unknown }) {
  const { t } = useTranslation()
  const courses = error ? (asProblem(error).subjects ?? []) : []
  if (courses.length === 0) return null
  return (
    <div>
      {t("pools.remove.courses", { count: courses.length })}
      <ul className={styles.list}>
        {courses.map((course) => (
          <li key={course.id}>{course.title}</li>
        ))}
      </ul>
    </div>
  )
}
