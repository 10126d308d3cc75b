/** Asks that an Image be for all teachers, and says who uses it. */
import { Button, Modal, Textarea } from "@mantine/core"
import { IconUsersGroup } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import type { Image } from "@/api/types"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import type { Tone } from "@/ui/feedback/tones"
import { useChangeVisibility, usesOf, visibilityOf } from "./visibility"

const TONES: Record<string, Tone> = {
  private: "still",
  asked: "info",
  public: "ok",
  refused: "warn",
}

export function VisibilityButton({ image }: { image: Image }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  if (image.relation !== "owner") return null
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconUsersGroup size={18} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {t("visibility.button")}
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={t("visibility.title")} size="lg">
        {open && <Content imageId={image.id} />}
      </Modal>
    </>
  )
}

function Content({ imageId }: { imageId: string }) {
  const { t } = useTranslation()
  const [comment, setComment] = useState("")
  const { data, error } = useQuery(visibilityOf(imageId))
  const uses = useQuery(usesOf(imageId))
  const change = useChangeVisibility(imageId)
  if (!data) return <ProblemNotice error={error} />
  return (
    <div style={{ display: "grid", gap: 16 }}>
      <Notice tone={TONES[data.state] ?? "still"}>
        {t(`visibility.text.${data.state}`)}
        {data.state === "refused" && data.reason && <p style={{ margin: 0 }}>{data.reason}</p>}
      </Notice>
      {data.can.includes("ask") && (
        <Textarea
          label={t("visibility.comment")}
          description={t("visibility.commentHelp")}
          autosize
          minRows={2}
          maxLength={500}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
      )}
      <ProblemNotice error={change.error} />
      <div>
        {data.can.includes("ask") && (
          <Button loading={change.isPending} onClick={() => change.mutate(comment)}>
            {t("visibility.ask")}
          </Button>
        )}
        {data.can.includes("withdraw") && (
          <Button variant="default" loading={change.isPending} onClick={() => change.mutate(null)}>
            {t("visibility.withdraw")}
          </Button>
        )}
      </div>
      {uses.data && uses.data.total > 0 && (
        <section>
          <h3>{t("visibility.uses", { count: uses.data.total })}</h3>
          <ul>
            {uses.data.items.map((use) => (
              <li key={use.course_id}>
                {t("visibility.use", {
                  title: use.title,
                  owner: use.owner_name,
                  number: use.build_number,
                  interpolation: { escapeValue: false },
                })}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}
