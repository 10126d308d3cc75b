/** Below, quiet: restart, stop, logs, help. Those that end something say what is kept and lost. */
import { Button } from "@mantine/core"
import { IconFileText, IconHelp, IconPlayerStop, IconRefresh } from "@tabler/icons-react"
import { lazy, Suspense, useState } from "react"
import { useTranslation } from "react-i18next"
import type { StudentWindow } from "@/api/types"
import { Extend } from "./notices/EndingSoon"
import type { DialogName, useWindowAct } from "./window"
import styles from "./window.module.css"

// Dialogs are fetched when one is opened first: the page itself stays light.
const Dialogs = lazy(() => import("./Dialogs"))

type Props = { window: StudentWindow; act: ReturnType<typeof useWindowAct> }

export function QuietActions({ window, act }: Props) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState<DialogName | null>(null)
  const [used, setUsed] = useState(false)
  const open = (name: DialogName) => {
    setUsed(true)
    setOpened(name)
  }
  const actions = [
    { name: "restart", icon: IconRefresh, allowed: window.can.includes("restart") },
    { name: "stop", icon: IconPlayerStop, allowed: window.can.includes("stop") },
    { name: "logs", icon: IconFileText, allowed: window.can.includes("read_logs") },
    { name: "help", icon: IconHelp, allowed: true },
  ] as const
  return (
    <div className={styles.quiet}>
      <Extend window={window} act={act} />
      {actions
        .filter((action) => action.allowed)
        .map(({ name, icon: ActionIcon }) => (
          <Button
            key={name}
            variant="subtle"
            color="gray"
            c="dimmed"
            size="sm"
            leftSection={<ActionIcon size={17} aria-hidden />}
            onClick={() => open(name)}
          >
            {t(`window.${name}`)}
          </Button>
        ))}
      {used && (
        <Suspense>
          <Dialogs opened={opened} window={window} act={act} onClose={() => setOpened(null)} />
        </Suspense>
      )}
    </div>
  )
}
