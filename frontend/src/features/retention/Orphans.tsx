/** Volumes that belong to nobody: search on machines when somebody asks, erased one by one. */
import { Button } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { sizeOf } from "@/lib/sizes"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { type Column, DataTable } from "@/ui/list/DataTable"
import table from "@/ui/list/table.module.css"
import { Section } from "@/ui/page/Section"
import { type OrphanFolder, orphanFolders, useEraseOrphan } from "./retention"

export function Orphans() {
  const { t } = useTranslation()
  const [asked, setAsked] = useState(false)
  const [chosen, setChosen] = useState<OrphanFolder | null>(null)
  const search = useQuery({ ...orphanFolders(), enabled: asked, staleTime: 0 })
  const erase = useEraseOrphan()
  const columns = useColumns(setChosen)
  const close = () => {
    setChosen(null)
    erase.reset()
  }
  return (
    <Section title={t("retention.orphans")} text={t("retention.orphansText")}>
      <div>
        <Button
          variant="default"
          loading={search.isFetching}
          onClick={() => (asked ? void search.refetch() : setAsked(true))}
        >
          {t("retention.find")}
        </Button>
      </div>
      <ProblemNotice error={search.error} />
      <div role="status" aria-live="polite">
        {search.data && search.data.unknown_nodes.length > 0 && (
          <Notice tone="warn" title={t("retention.unknownNodes")}>
            {search.data.unknown_nodes.join(", ")}
          </Notice>
        )}
        {search.data?.items.length === 0 && <p>{t("retention.noOrphans")}</p>}
      </div>
      {search.data && search.data.items.length > 0 && (
        <DataTable
          caption={t("retention.orphans")}
          columns={columns}
          rows={search.data.items}
          rowKey={(orphan) => `${orphan.volume} ${orphan.node_id ?? orphan.node}`}
        />
      )}
      <ConfirmDialog
        opened={chosen !== null}
        title={t("retention.eraseTitle")}
        confirm={t("retention.erase")}
        danger
        busy={erase.isPending}
        onClose={close}
        onConfirm={() => chosen && erase.mutate(chosen, { onSuccess: close })}
      >
        <p>
          <code>{chosen?.volume}</code>
        </p>
        <p>{t("retention.eraseText", { node: chosen?.node ?? "" })}</p>
        <ProblemNotice error={erase.error} />
      </ConfirmDialog>
    </Section>
  )
}

function useColumns(onErase: (orphan: OrphanFolder) => void): Column<OrphanFolder>[] {
  const { t, i18n } = useTranslation()
  return [
    {
      id: "volume",
      header: t("retention.column.folder"),
      cell: (orphan) => (
        <>
          <code>{orphan.volume}</code>
          <div className={table.under}>{t(`retention.kind.${orphan.kind}`)}</div>
        </>
      ),
    },
    {
      id: "node",
      header: t("retention.column.node"),
      labelled: true,
      cell: (orphan) => (
        <>
          {orphan.node}
          {!orphan.on_engine && <div className={table.under}>{t("retention.notFound")}</div>}
        </>
      ),
    },
    {
      id: "size",
      header: t("retention.column.size"),
      labelled: true,
      cell: (orphan) =>
        orphan.bytes === null ? t("retention.unmeasured") : sizeOf(orphan.bytes, i18n.language),
    },
    {
      id: "age",
      header: t("retention.column.age"),
      labelled: true,
      cell: (orphan) =>
        orphan.age_days === null
          ? t("retention.unmeasured")
          : t("retention.age", { count: orphan.age_days }),
    },
    {
      id: "actions",
      header: t("retention.column.actions"),
      kind: "actions",
      cell: (orphan) => (
        <Button
          variant="default"
          size="compact-sm"
          aria-label={t("retention.eraseNamed", { volume: orphan.volume })}
          onClick={() => onErase(orphan)}
        >
          {t("retention.eraseButton")}
        </Button>
      ),
    },
  ]
}
