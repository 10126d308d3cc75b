/** The environment of a trial, beside what is tried: its state, its ports, its output, its end. */
import type { ReactNode } from "react"
import { useServerNow } from "@/lib/clock"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { Connections } from "./connections/Connections"
import { EndingSoon } from "./notices/EndingSoon"
import { QuietActions } from "./QuietActions"
import { SessionSummary } from "./SessionSummary"
import { StateBlock } from "./StateBlock"
import { useStudentWindow, useWindowAct, type Verb } from "./window"
import styles from "./window.module.css"

type Props = {
  courseId: string
  /** Begin the trial anew, with the ports that the image has now. */
  onStart: () => void
  starting: boolean
  /** Leads to the same environment as a page of its own. */
  pageLink: ReactNode
}

export function TrialWindow({ courseId, onStart, starting, pageLink }: Props) {
  const { window, offset, unreachable } = useStudentWindow(courseId)
  const now = useServerNow(offset, window.state !== "failed")
  const asked = useWindowAct(courseId, window.version)
  const act = {
    ...asked,
    isPending: asked.isPending || starting,
    mutate: (verb: Verb) => (verb === "start" ? onStart() : asked.mutate(verb)),
  }
  return (
    <div className={styles.trial}>
      {Boolean(unreachable) && <ProblemNotice error={unreachable} />}
      <EndingSoon window={window} now={now} offset={offset} act={act} />
      <StateBlock window={window} now={now} act={act} />
      <SessionSummary window={window} now={now} />
      {act.error && <ProblemNotice error={act.error} />}
      {window.state === "ready" && <Connections window={window} act={act} />}
      <div className={styles.trialFoot}>
        <QuietActions window={window} act={act} />
        {pageLink}
      </div>
    </div>
  )
}
