/** Invitations: made here, used once by a platform that registers itself. */
import { Button } from "@mantine/core"
import { IconMailPlus } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { Invitation } from "@/api/types"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { Status } from "@/ui/feedback/Status"
import type { Tone } from "@/ui/feedback/tones"
import type { Column } from "@/ui/list/DataTable"
import { ListPage } from "@/ui/list/ListPage"
import table from "@/ui/list/table.module.css"
import { Ago } from "@/ui/text/Ago"
import { PlatformTabs } from "../PlatformTabs"
import { InviteDialog } from "./InviteDialog"
import { INVITATIONS_SIZE, invitationList, useWithdraw } from "./invitations"

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
  return (
    <ListPage
      title={t("platforms.invite.title")}
      text={t("platforms.invite.text")}
      action={
        <Button
          leftSection={<IconMailPlus size={18} aria-hidden />}
          onClick={() => setInviting(true)}
        >
          {t("platforms.invite.button")}
        </Button>
      }
      above={<PlatformTabs current="invitations" />}
      filter={{ page }}
      onFilter={(filter) => onPage(filter.page ?? 1)}
      data={data}
      pageSize={INVITATIONS_SIZE}
      empty={{
        icon: IconMailPlus,
        title: t("platforms.invite.emptyTitle"),
        text: t("platforms.invite.emptyText"),
      }}
      columns={useColumns(setAsked)}
      rowKey={(invitation) => invitation.id}
    >
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
      {asked && <Withdraw invitation={asked} onClose={() => setAsked(null)} />}
    </ListPage>
  )
}

function useColumns(onWithdraw: (invitation: Invitation) => void): Column<Invitation>[] {
  const { t } = useTranslation()
  const now = new Date()
  return [
    {
      id: "label",
      header: t("platforms.invite.column.label"),
      cell: (invitation) => (
        <>
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
        </>
      ),
    },
    {
      id: "state",
      header: t("platforms.invite.column.state"),
      cell: ({ state }) => (
        <Status tone={TONES[state]}>{t(`platforms.invite.state.${state}`)}</Status>
      ),
    },
    {
      id: "until",
      header: t("platforms.invite.column.until"),
      labelled: true,
      cell: ({ used_at, withdrawn_at, expires_at }) => (
        <Ago at={used_at ?? withdrawn_at ?? expires_at} now={now} />
      ),
    },
    {
      id: "actions",
      header: t("platforms.invite.column.actions"),
      kind: "actions",
      cell: (invitation) =>
        invitation.state === "open" && (
          <Button
            variant="default"
            size="compact-sm"
            aria-label={t("platforms.invite.withdrawNamed", { name: invitation.label })}
            onClick={() => onWithdraw(invitation)}
          >
            {t("platforms.invite.withdraw")}
          </Button>
        ),
    },
  ]
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
