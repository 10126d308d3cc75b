/** Who has which right to a Course or an Image, and from where; its owner gives and removes. */
import { Modal } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { RightHolder } from "@/api/types"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { Patience } from "@/ui/feedback/Patience"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { InviteForm } from "./InviteForm"
import { RightRow } from "./RightRow"
import { type Shared, sharingOf, useSharing } from "./sharing"
import styles from "./sharing.module.css"

type Props = { shared: Shared; onClose: () => void }
type Asked = { act: "remove" | "handOver"; person: RightHolder } | null

export function ShareDialog({ shared, onClose }: Props) {
  const { t } = useTranslation()
  const { data, error } = useQuery(sharingOf(shared))
  const act = useSharing(shared)
  const [asked, setAsked] = useState<Asked>(null)
  const [said, setSaid] = useState("")
  const title = { title: shared.title, interpolation: { escapeValue: false } }
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t("sharing.title", title)}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      <p role="status" className="md-hidden">
        {said}
      </p>
      <ProblemNotice error={error} />
      {!data && !error && <Patience />}
      {data?.may_share && (
        <InviteForm
          sharing={data}
          act={act}
          onGiven={(email) => setSaid(t("sharing.given", { email }))}
        />
      )}
      {data && !data.may_share && <p className={styles.help}>{t("sharing.ownerShares")}</p>}
      {!asked && act.variables?.act !== "give" && <ProblemNotice error={act.error} />}
      {data && (
        <ul className={styles.people} aria-label={t("sharing.people")}>
          {data.people.map((person) => (
            <RightRow
              key={person.share_id ?? `${person.user_id}${person.context_title}`}
              person={person}
              rights={data.rights}
              mayShare={data.may_share}
              busy={act.isPending}
              onRight={(right) =>
                person.share_id && act.mutate({ act: "change", shareId: person.share_id, right })
              }
              onAsk={(what) => {
                act.reset()
                setAsked({ act: what, person })
              }}
            />
          ))}
        </ul>
      )}
      {asked && (
        <ConfirmDialog
          opened
          title={t(`sharing.ask.${asked.act}.title`, { name: nameOf(asked.person) })}
          confirm={t(`sharing.ask.${asked.act}.confirm`)}
          danger={asked.act === "remove"}
          busy={act.isPending}
          onClose={() => setAsked(null)}
          onConfirm={() =>
            act.mutate(
              { act: asked.act, shareId: asked.person.share_id ?? "" },
              {
                onSuccess: () => {
                  setSaid(t(`sharing.ask.${asked.act}.done`, { name: nameOf(asked.person) }))
                  setAsked(null)
                  if (asked.act === "remove" && asked.person.is_me) onClose()
                },
              },
            )
          }
        >
          <p>
            {asked.act === "remove"
              ? t(`sharing.ask.remove.${shared.kind}`)
              : t("sharing.ask.handOver.text")}
          </p>
          <ProblemNotice error={act.error} />
        </ConfirmDialog>
      )}
    </Modal>
  )
}

/** What somebody is called here: who never came has only an address. */
function nameOf(person: RightHolder): string {
  return person.name ?? person.email ?? ""
}
