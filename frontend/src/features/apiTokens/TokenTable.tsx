/** A list of API tokens; whoever may, revokes them here. */
import { Button } from "@mantine/core"
import { type ReactNode, useState } from "react"
import { useTranslation } from "react-i18next"
import type { ApiTokenOfPerson, ApiTokenShown } from "@/api/types"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { type Column, DataTable } from "@/ui/list/DataTable"
import table from "@/ui/list/table.module.css"
import { Ago } from "@/ui/text/Ago"
import { stateOf, useRevokeToken } from "./apiTokens"

type Token = ApiTokenShown & Partial<Pick<ApiTokenOfPerson, "owner_name">>
type Props = { caption: string; tokens: Token[]; empty: ReactNode }

export function TokenTable({ caption, tokens, empty }: Props) {
  const { columns, dialog } = useRevocableTokens()
  return (
    <>
      <DataTable
        caption={caption}
        columns={columns}
        rows={tokens}
        rowKey={(token) => token.id}
        empty={empty}
      />
      {dialog}
    </>
  )
}

/** The columns of a list of tokens, and the dialog that its buttons open. */
export function useRevocableTokens(): { columns: Column<Token>[]; dialog: ReactNode } {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<Token | null>(null)
  const [said, setSaid] = useState("")
  const revoke = useRevokeToken()
  const confirm = (token: Token) =>
    revoke.mutate(token.id, {
      onSuccess: () => {
        setSaid(t("apiTokens.revokedNow", { name: token.name }))
        setAsked(null)
      },
    })
  const dialog = (
    <>
      <p role="status" className="md-hidden">
        {said}
      </p>
      {asked && (
        <ConfirmDialog
          opened
          danger
          title={t("apiTokens.revokeTitle", { name: asked.name })}
          confirm={t("apiTokens.revoke")}
          busy={revoke.isPending}
          onConfirm={() => confirm(asked)}
          onClose={() => setAsked(null)}
        >
          <p>{t("apiTokens.revokeText")}</p>
          <ProblemNotice error={revoke.error} />
        </ConfirmDialog>
      )}
    </>
  )
  return { columns: useColumns(setAsked), dialog }
}

function useColumns(onRevoke: (token: Token) => void): Column<Token>[] {
  const { t } = useTranslation()
  const now = new Date()
  return [
    {
      id: "name",
      header: t("apiTokens.column.name"),
      cell: (token) => (
        <>
          <span className={table.name}>{token.name}</span>
          <div className={table.under}>
            {token.owner_name && `${token.owner_name} · `}
            <code>…{token.ending}</code>
          </div>
          <div className={table.under}>{token.scopes.join(", ")}</div>
        </>
      ),
    },
    {
      id: "used",
      header: t("apiTokens.column.used"),
      labelled: true,
      cell: ({ last_used_at }) =>
        last_used_at ? <Ago at={last_used_at} now={now} /> : t("apiTokens.never"),
    },
    {
      id: "expires",
      header: t("apiTokens.column.expires"),
      labelled: true,
      cell: (token) =>
        stateOf(token, now) === "revoked" ? (
          t("apiTokens.revoked")
        ) : (
          <Ago at={token.expires_at} now={now} />
        ),
    },
    {
      id: "actions",
      header: t("apiTokens.revoke"),
      kind: "actions",
      cell: (token) =>
        stateOf(token, now) === "usable" && (
          <Button
            variant="default"
            size="sm"
            aria-label={t("apiTokens.revokeOf", { name: token.name })}
            onClick={() => onRevoke(token)}
          >
            {t("apiTokens.revoke")}
          </Button>
        ),
    },
  ]
}
