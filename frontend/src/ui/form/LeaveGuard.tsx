/** Asks before a page with unsaved changes is left. */
import { useBlocker } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"

export function LeaveGuard({ dirty }: { dirty: boolean }) {
  const { t } = useTranslation()
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  })
  return (
    <ConfirmDialog
      opened={status === "blocked"}
      title={t("app.leaveTitle")}
      confirm={t("app.leave")}
      dismiss={t("app.stay")}
      danger
      onConfirm={() => proceed?.()}
      onClose={() => reset?.()}
    >
      {t("app.leaveText")}
    </ConfirmDialog>
  )
}
