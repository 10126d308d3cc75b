/** A link of the teacher's, opened with what is this person's own. */
import { Button } from "@mantine/core"
import { IconExternalLink, IconLink } from "@tabler/icons-react"
import { useMutation } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import type { ShownLink } from "@/api/types"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import styles from "../window.module.css"
import { openLink } from "./openPort"

type Props = { courseId: string; link: ShownLink; userRedirect: string }

export function LinkCard({ courseId, link, userRedirect }: Props) {
  const { t } = useTranslation()
  const { title, scheme } = link
  const open = useMutation({
    mutationFn: () => openLink(courseId, link, userRedirect, t("window.openingTab", { title })),
  })
  const isPage = scheme === "http" || scheme === "https"
  return (
    <article className={styles.card} aria-label={title} data-kind="link">
      <IconLink className={styles.cardIcon} size={24} stroke={1.7} aria-hidden />
      <div className={styles.cardText}>
        <h3 className={styles.cardTitle}>{title}</h3>
        <p className={styles.cardNote}>
          {isPage
            ? t("window.linkNote")
            : t("window.linkProgram", { scheme: scheme.toUpperCase() })}
        </p>
      </div>
      <Button
        className={styles.cardAct}
        variant="default"
        rightSection={<IconExternalLink size={18} aria-hidden />}
        loading={open.isPending}
        onClick={() => open.mutate()}
      >
        {t("window.open", { title })}
      </Button>
      {open.error && (
        <div className={styles.wide}>
          <ProblemNotice error={open.error} />
        </div>
      )}
    </article>
  )
}
