/** Images of the platform: a Course runs one as it is, or it is copied and changed. */
import { Button } from "@mantine/core"
import { IconCopy, IconSchool } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { CatalogueEntry } from "@/api/types"
import { CatalogueCards, useEntryTitle } from "@/ui/catalogue/CatalogueCards"
import { catalogue } from "@/ui/catalogue/entries"
import { EmptyState } from "@/ui/feedback/EmptyState"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { BackLink } from "@/ui/page/BackLink"
import { PageHeader } from "@/ui/page/PageHeader"
import { useCopyEntry, useEntryInCourse } from "./catalogue"

export function CataloguePage() {
  const { t } = useTranslation()
  const { data: entries } = useSuspenseQuery(catalogue())
  const copy = useCopyEntry()
  const use = useEntryInCourse()
  return (
    <>
      <PageHeader
        title={t("catalogue.title")}
        above={<BackLink to="/dashboard/images">{t("nav.images")}</BackLink>}
      >
        {t("catalogue.text")}
      </PageHeader>
      <ProblemNotice error={use.error ?? copy.error} />
      {entries.length === 0 && <EmptyState title={t("catalogue.empty")} />}
      <CatalogueCards
        entries={entries}
        level={2}
        actions={(entry) => <Actions entry={entry} use={use} copy={copy} />}
      />
    </>
  )
}

type Props = {
  entry: CatalogueEntry
  use: ReturnType<typeof useEntryInCourse>
  copy: ReturnType<typeof useCopyEntry>
}

function Actions({ entry, use, copy }: Props) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { title, description } = useEntryTitle()(entry)
  return (
    <>
      <Button
        leftSection={<IconSchool size={18} aria-hidden />}
        aria-label={t("catalogue.useNamed", { title })}
        disabled={entry.state !== "ready"}
        loading={use.isPending && use.variables.entry.name === entry.name}
        onClick={() =>
          use.mutate(
            { entry, title, description },
            {
              onSuccess: (course) =>
                void navigate({
                  to: "/dashboard/courses/$courseId",
                  params: { courseId: course.id },
                }),
            },
          )
        }
      >
        {t("catalogue.use")}
      </Button>
      <Button
        variant="default"
        leftSection={<IconCopy size={17} aria-hidden />}
        aria-label={t("catalogue.copyNamed", { title })}
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
        {t("catalogue.copy")}
      </Button>
    </>
  )
}
