/** Images ready to copy. */
import { Button } from "@mantine/core"
import { IconCopy } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { BackLink } from "@/ui/BackLink"
import { EmptyState } from "@/ui/EmptyState"
import { PageHeader } from "@/ui/PageHeader"
import { ProblemNotice } from "@/ui/ProblemNotice"
import { BuildApproval } from "./BuildApproval"
import { catalogue, useCopyEntry } from "./images"
import styles from "./images.module.css"

export function Catalogue() {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const { data: entries } = useSuspenseQuery(catalogue())
  const copy = useCopyEntry()
  const language = i18n.language === "fr" ? "fr" : "en"
  return (
    <>
      <PageHeader
        title={t("image.catalogueTitle")}
        above={<BackLink to="/dashboard/images">{t("nav.images")}</BackLink>}
      >
        {t("image.catalogueText")}
      </PageHeader>
      <BuildApproval />
      <ProblemNotice error={copy.error} />
      {entries.length === 0 && <EmptyState title={t("image.catalogueEmpty")} />}
      <ul className={styles.entries}>
        {entries.map((entry) => (
          <li key={entry.name} className={styles.entry}>
            <h2>{entry.title[language]}</h2>
            <p>{entry.description[language]}</p>
            <p className={styles.dim}>
              {entry.ports.map((port) => `${port.title} (${port.number})`).join(" · ")}
            </p>
            <Button
              variant="default"
              leftSection={<IconCopy size={17} aria-hidden />}
              aria-label={t("image.catalogueCopyNamed", { title: entry.title[language] })}
              loading={copy.isPending && copy.variables === entry.name}
              onClick={() =>
                copy.mutate(entry.name, {
                  onSuccess: (image) =>
                    void navigate({
                      to: "/dashboard/images/$imageId",
                      params: { imageId: image.id },
                      search: { section: "dockerfile" },
                    }),
                })
              }
            >
              {t("image.catalogueCopy")}
            </Button>
          </li>
        ))}
      </ul>
    </>
  )
}
