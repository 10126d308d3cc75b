/** Another password: what runs is replaced, and the page says so before. */
import { Button } from "@mantine/core"
import { IconRefresh } from "@tabler/icons-react"
import { lazy, Suspense, useState } from "react"
import { useTranslation } from "react-i18next"
import type { StudentWindow } from "@/api/types"
import type { useWindowAct } from "../window"
import styles from "../window.module.css"

const Dialogs = lazy(() => import("../Dialogs"))

type Props = { window: StudentWindow; act: ReturnType<typeof useWindowAct> }

export function NewPassword({ window, act }: Props) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState(false)
  return (
    <div className={styles.wide}>
      <Button
        variant="subtle"
        color="gray"
        c="dimmed"
        size="compact-sm"
        leftSection={<IconRefresh size={16} aria-hidden />}
        onClick={() => setAsked(true)}
      >
        {t("window.newPassword")}
      </Button>
      {asked && (
        <Suspense>
          <Dialogs opened="password" window={window} act={act} onClose={() => setAsked(false)} />
        </Suspense>
      )}
    </div>
  )
}
