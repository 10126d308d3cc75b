/** Invitations: made here, used once by a platform that registers itself. */
import { Button, VisuallyHidden } from "@mantine/core"
import { IconMailPlus } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { Invitation } from "@/api/types"
import { useFormat } from "@/lib/format"
import { ConfirmDialog } from "@/ui/ConfirmDialog"
import { EmptyState } from "@/ui/EmptyState"
import { PageHeader } from "@/ui/PageHeader"
import { Pager } from "@/ui/Pager"
import { ProblemNotice } from "@/ui/ProblemNotice"
import { Status } from "@/ui/Status"
import table from "@/ui/table.module.css"
import type { Tone } from "@/ui/tones"
import { InviteDialog } from "./InviteDialog"
import { INVITATIONS_SIZE, invitationList, useWithdraw } from "./invitations"
import { PlatformTabs } from "./PlatformTabs"

const TONES: Record<Invitation["state"], Tone> = {
  open: "info",
  used: "ok",
  expired: "still",
  withdrawn: "still",
}

type Props = { page: number; onPage: (page: number) => void }

export function Invitations({ page, onPage }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(invitationList(page))
  const [inviting, setInviting] = useState(false)
  const [asked, setAsked] = useState<Invitation | null>(null)
  const invite = (
    <Button leftSection={<IconMailPlus size={18} aria-hidden />} onClick={() => setInviting(true)}>
      {t("platforms.invite.button")}
    </Button>
  )
  const none = data.total === 0
  return (
    <>
      <PageHeader title={t("platforms.invite.title")} action={none ? undefined : invite}>
        {t("platforms.invite.text")}
      </PageHeader>
      <PlatformTabs current="invitations" />
      {none ? (
        <EmptyState
          icon={<IconMailPlus size={40} stroke={1.4} aria-hidden />}
          title={t("platforms.invite.emptyTitle")}
          text={t("platforms.invite.emptyText")}
          action={invite}
        />
      ) : (
        <Rows invitations={data.items} onWithdraw={setAsked} />
      )}
      <Pager page={page} pageSize={INVITATIONS_SIZE} total={data.total} onPage={onPage} />
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
      {asked && <Withdraw invitation={asked} onClose={() => setAsked(null)} />}
    </>
  )
}

type RowsProps = { invitations: Invitation[]; onWithdraw: (invitation: Invitation) => void }

function Rows({ invitations, onWithdraw }: RowsProps) {
  const { t } = useTranslation()
  return (
    <div className={table.frame}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{t("platforms.invite.column.label")}</th>
            <th scope="col">{t("platforms.invite.column.state")}</th>
            <th scope="col">{t("platforms.invite.column.until")}</th>
            <th scope="col">
              <VisuallyHidden>{t("platforms.invite.column.actions")}</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody>
          {invitations.map((one) => (
            <Row key={one.id} invitation={one} onWithdraw={() => onWithdraw(one)} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ invitation, onWithdraw }: { invitation: Invitation; onWithdraw: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = new Date()
  const until = new Date(invitation.used_at ?? invitation.withdrawn_at ?? invitation.expires_at)
  return (
    <tr>
      <td>
        <strong>{invitation.label}</strong>
        {invitation.platform_id && (
          <div className={table.under}>
            <Link
              to="/dashboard/operate/platforms/$platformId"
              params={{ platformId: invitation.platform_id }}
            >
              {invitation.platform_name}
            </Link>
          </div>
        )}
      </td>
      <td>
        <Status tone={TONES[invitation.state]}>
          {t(`platforms.invite.state.${invitation.state}`)}
        </Status>
      </td>
      <td data-label={t("platforms.invite.column.until")}>
        <span title={format.exact(until)}>{format.fromNow(until, now)}</span>
      </td>
      <td>
        {invitation.state === "open" && (
          <Button
            variant="default"
            size="compact-sm"
            aria-label={t("platforms.invite.withdrawNamed", { name: invitation.label })}
            onClick={onWithdraw}
          >
            {t("platforms.invite.withdraw")}
          </Button>
        )}
      </td>
    </tr>
  )
}

function Withdraw({ invitation, onClose }: { invitation: Invitation; onClose: () => void }) {
  const { t } = useTranslation()
  const withdraw = useWithdraw()
  return (
    <ConfirmDialog
      opened
      danger
      title={t("platforms.invite.withdrawTitle", { name: invitation.label })}
      confirm={t("platforms.invite.withdraw")}
      busy={withdraw.isPending}
      onConfirm={() => withdraw.mutate(invitation.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{t("platforms.invite.withdrawText")}</p>
      <ProblemNotice error={withdraw.error} />
    </ConfirmDialog>
  )
}
