/** The identities of a person: each a way in, unlinked after a question while another is left. */
import { Button } from "@mantine/core"
import { useMutation } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { http, queryClient } from "@/api/client"
import { ProblemError } from "@/api/problems"
import { leave } from "@/api/session"
import type { MyIdentity } from "@/api/types"
import { useFormat } from "@/lib/format"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { useWayName } from "./account"
import styles from "./account.module.css"

export function Ways({ identities }: { identities: MyIdentity[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const wayName = useWayName()
  const [asked, setAsked] = useState<MyIdentity | null>(null)
  const now = new Date()
  return (
    <>
      <ul className={styles.ways}>
        {identities.map((identity) => (
          <li key={identity.id} className={styles.way}>
            <div className={styles.about}>
              <strong>{wayName(identity.issuer)}</strong>
              <span>{t("account.ways.subject", { subject: identity.subject })}</span>
              <span title={format.exact(new Date(identity.seen_at))}>
                {t("account.ways.seen", { when: format.fromNow(new Date(identity.seen_at), now) })}
              </span>
            </div>
            {identity.can.includes("unlink") && (
              <Button
                variant="default"
                size="compact-md"
                onClick={() => setAsked(identity)}
                aria-label={t("account.unlink.label", { way: wayName(identity.issuer) })}
              >
                {t("account.unlink.action")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {identities.length === 1 && <p className={styles.hint}>{t("account.ways.only")}</p>}
      {asked && (
        <Question identity={asked} way={wayName(asked.issuer)} onClose={() => setAsked(null)} />
      )}
    </>
  )
}

type QuestionProps = { identity: MyIdentity; way: string; onClose: () => void }

function Question({ identity, way, onClose }: QuestionProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const unlink = useMutation({
    mutationFn: async () => {
      const path = { identity_id: identity.id }
      const { error } = await leave(() =>
        http.DELETE("/api/account/identities/{identity_id}", { params: { path } }),
      )
      if (error) throw new ProblemError(error)
    },
    onSuccess: async () => {
      await navigate({ to: "/signed-out" })
      queryClient.clear()
    },
  })
  return (
    <ConfirmDialog
      opened
      danger
      title={t("account.unlink.title", { way })}
      confirm={t("account.unlink.action")}
      busy={unlink.isPending}
      onConfirm={() => unlink.mutate()}
      onClose={onClose}
    >
      <p>{t("account.unlink.kept")}</p>
      <p>{t("account.unlink.lost", { way })}</p>
      <p>{t("account.unlink.signedOut")}</p>
      <ProblemNotice error={unlink.error} />
    </ConfirmDialog>
  )
}
