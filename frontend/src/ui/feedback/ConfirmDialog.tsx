/** Asks before an act, with what it means. */
import { Button, Group, Modal } from "@mantine/core"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"

type Props = {
  opened: boolean
  title: string
  children: ReactNode
  confirm: string
  dismiss?: string
  danger?: boolean
  busy?: boolean
  disabled?: boolean
  onConfirm: () => void
  onClose: () => void
}

export function ConfirmDialog(props: Props) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.title}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      {props.children}
      <Group justify="flex-end" mt="lg" gap="sm">
        <Button variant="default" onClick={props.onClose}>
          {props.dismiss ?? t("app.cancel")}
        </Button>
        <Button
          color={props.danger ? "red" : undefined}
          loading={props.busy}
          disabled={props.disabled}
          onClick={props.onConfirm}
        >
          {props.confirm}
        </Button>
      </Group>
    </Modal>
  )
}
