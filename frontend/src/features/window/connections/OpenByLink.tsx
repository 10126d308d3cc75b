/** A link leads to a page of the environment: starts it, then goes there, once. */
import { Button } from "@mantine/core"
import { useMutation } from "@tanstack/react-query"
import { useEffect, useRef } from "react"
import { useTranslation } from "react-i18next"
import { isTopLevel } from "@/api/signIn"
import type { StudentWindow } from "@/api/types"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import type { useWindowAct } from "../window"
import { openPortHere } from "./openPort"

type Props = {
  window: StudentWindow
  act: ReturnType<typeof useWindowAct>
  path: string
  onOpened?: () => void
}

export function OpenByLink({ window, act, path, onOpened }: Props) {
  const { t } = useTranslation()
  const courseId = window.course.id
  const port = window.connections.find(({ kind }) => kind === "web" || kind === "https")?.port
  const open = useMutation({
    mutationFn: async (number: number) => {
      // Coming back with the browser's button must not lead there again.
      onOpened?.()
      await openPortHere(courseId, number, path)
    },
  })
  const once = useRef({ started: false, opened: false })
  // A lease begins with the start: there the person says when.
  const mayStart = window.can.includes("start") && window.lease.minutes === null
  const isFresh = window.state === "not_started" || window.state === "stopped"
  useEffect(() => {
    if (!mayStart || !isFresh || once.current.started) return
    once.current.started = true
    act.mutate("start")
  }, [mayStart, isFresh, act])
  useEffect(() => {
    // In the frame of an LMS the page would replace the window: there the button opens it.
    if (port === undefined || once.current.opened || !isTopLevel()) return
    once.current.opened = true
    open.mutate(port)
  }, [port, open])
  return (
    <>
      <Notice
        tone="info"
        title={t("window.linkTitle")}
        action={
          port !== undefined && (
            <Button loading={open.isPending} onClick={() => open.mutate(port)}>
              {t("window.linkOpen")}
            </Button>
          )
        }
      >
        {window.state === "ready" && port === undefined
          ? t("window.linkNoPort")
          : t("window.linkText")}
      </Notice>
      <ProblemNotice error={open.error} />
    </>
  )
}
