/** Makes an invitation; its address is shown this once, with what to do with it. */
import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core"
import { type FormEvent, useState } from "react"
import { useTranslation } from "react-i18next"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { CopyRow } from "../CopyRow"
import styles from "../platforms.module.css"
import { HOURS, useInvite } from "./invitations"

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const invite = useInvite()
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      closeOnClickOutside={!invite.data}
      title={t(invite.data ? "platforms.invite.madeTitle" : "platforms.invite.newTitle")}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      {invite.data ? (
        <Made url={invite.data.url} onClose={onClose} />
      ) : (
        <Ask invite={invite} onClose={onClose} />
      )}
    </Modal>
  )
}

type AskProps = { invite: ReturnType<typeof useInvite>; onClose: () => void }

function Ask({ invite, onClose }: AskProps) {
  const { t } = useTranslation()
  const [label, setLabel] = useState("")
  const [hours, setHours] = useState<string>("72")
  const [missing, setMissing] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!label.trim()) setMissing(true)
    else invite.mutate({ label: label.trim(), hours: Number(hours) })
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <ProblemNotice error={invite.error} />
        <TextInput
          label={t("platforms.invite.label")}
          description={t("platforms.invite.labelHelp")}
          required
          maxLength={120}
          data-autofocus
          value={label}
          error={missing && !label.trim() ? t("fieldProblem.missing") : undefined}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <Select
          label={t("platforms.invite.hours")}
          data={HOURS.map((count) => ({
            value: String(count),
            label:
              count < 48
                ? t("platforms.invite.forHours", { count })
                : t("platforms.invite.forDays", { count: count / 24 }),
          }))}
          value={hours}
          allowDeselect={false}
          onChange={(value) => setHours(value ?? "72")}
        />
      </Stack>
      <Group justify="flex-end" mt="lg" gap="sm">
        <Button variant="default" onClick={onClose}>
          {t("app.cancel")}
        </Button>
        <Button type="submit" loading={invite.isPending}>
          {t("platforms.invite.make")}
        </Button>
      </Group>
    </form>
  )
}

function Made({ url, onClose }: { url: string; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Stack gap="md">
      <Notice tone="warn" title={t("platforms.invite.once")} />
      <dl className={styles.addresses}>
        <CopyRow name={t("platforms.invite.address")} value={url} />
      </dl>
      <p className={styles.plain}>{t("platforms.invite.inMoodle")}</p>
      <ol className={styles.steps}>
        <li>{t("platforms.invite.step1")}</li>
        <li>{t("platforms.invite.step2")}</li>
        <li>{t("platforms.invite.step3")}</li>
        <li>{t("platforms.invite.step4")}</li>
        <li>{t("platforms.invite.step5")}</li>
      </ol>
      <Group justify="flex-end">
        <Button onClick={onClose}>{t("platforms.invite.done")}</Button>
      </Group>
    </Stack>
  )
}
