/** The catalogue's images as operators see them: state, last build, build again. */
import { Button } from "@mantine/core"
import { useSuspenseQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { CatalogueEntry } from "@/api/types"
import { EntryStateLabel, useEntryTitle } from "@/ui/catalogue/CatalogueCards"
import { catalogue } from "@/ui/catalogue/entries"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { type Column, DataTable } from "@/ui/list/DataTable"
import table from "@/ui/list/table.module.css"
import { Ago } from "@/ui/text/Ago"
import { useRebuildEntry } from "./catalogue"

export function EntryTable() {
  const { t } = useTranslation()
  const { data: entries } = useSuspenseQuery(catalogue())
  const rebuild = useRebuildEntry()
  const columns = useColumns(rebuild)
  return (
    <section>
      <ProblemNotice error={rebuild.error} />
      <DataTable
        caption={t("catalogue.title")}
        columns={columns}
        rows={entries}
        rowKey={(entry) => entry.name}
      />
    </section>
  )
}

function useColumns(rebuild: ReturnType<typeof useRebuildEntry>): Column<CatalogueEntry>[] {
  const { t } = useTranslation()
  const textsOf = useEntryTitle()
  const now = new Date()
  return [
    {
      id: "entry",
      header: t("image.column.title"),
      cell: (entry) => <span className={table.name}>{textsOf(entry).title}</span>,
    },
    {
      id: "state",
      header: t("root.column.state"),
      cell: (entry) => <EntryStateLabel entry={entry} />,
    },
    {
      id: "build",
      header: t("image.column.build"),
      cell: ({ image_id, last_build }) =>
        image_id && last_build ? (
          <>
            <Link
              to="/dashboard/images/$imageId"
              params={{ imageId: image_id }}
              search={{ section: "builds", build: last_build.id }}
            >
              {t(`build.phase.${last_build.phase}`)}
            </Link>{" "}
            <Ago at={last_build.ended_at ?? last_build.queued_at} now={now} />
          </>
        ) : (
          t("image.neverBuilt")
        ),
    },
    {
      id: "use",
      header: t("image.column.use"),
      labelled: true,
      cell: (entry) => t("image.usedBy", { count: entry.used_by }),
    },
    {
      id: "actions",
      header: t("root.column.actions"),
      kind: "actions",
      cell: (entry) =>
        entry.image_id && (
          <Button
            size="sm"
            variant="default"
            loading={rebuild.isPending && rebuild.variables === entry.name}
            onClick={() => rebuild.mutate(entry.name)}
          >
            {t("catalogue.rebuild")}
          </Button>
        ),
    },
  ]
}
