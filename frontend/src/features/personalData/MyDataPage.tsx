/** My data: what is stored about me, export, my work folders, and a request to erase it all. */
import { Button, Group, Textarea } from "@mantine/core"
import { IconDownload } from "@tabler/icons-react"
import { useQuery, useSuspenseQuery } from "@tanstack/react-query"
import { type ReactNode, useState } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "@/lib/format"
import { sizeOf } from "@/lib/sizes"
import { ConfirmDialog } from "@/ui/feedback/ConfirmDialog"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { type Column, DataTable } from "@/ui/list/DataTable"
import table from "@/ui/list/table.module.css"
import { PageHeader } from "@/ui/page/PageHeader"
import { Section } from "@/ui/page/Section"
import {
  type MyData,
  type MyFolder,
  myData,
  myFolders,
  type SectionCount,
  useAskErasure,
  useDownloadFolder,
  useExport,
  useWithdraw,
} from "./personalData"
import styles from "./personalData.module.css"

/** `back`: the way to the account, made by the route. */
export function MyDataPage({ back }: { back: ReactNode }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data } = useSuspenseQuery(myData())
  const exporting = useExport()
  const since = format.date(new Date(data.created_at))
  return (
    <main className={styles.page} id="content">
      <PageHeader title={t("personalData.title")} above={back}>
        {t("personalData.since", { name: data.name, date: since })}
      </PageHeader>
      <Folders />
      <Section title={t("personalData.stored")} text={t("personalData.storedText")}>
        <DataTable
          caption={t("personalData.stored")}
          columns={useSectionColumns()}
          rows={data.sections}
          rowKey={(section) => section.section}
        />
        <ProblemNotice error={exporting.error} />
        <div>
          <Button
            variant="default"
            leftSection={<IconDownload size={17} aria-hidden />}
            loading={exporting.isPending}
            onClick={() => exporting.mutate()}
          >
            {t("personalData.export")}
          </Button>
        </div>
        <p className={table.under}>{t("personalData.exportText")}</p>
      </Section>
      <Erasure data={data} />
    </main>
  )
}

function useSectionColumns(): Column<SectionCount>[] {
  const { t } = useTranslation()
  const format = useFormat()
  return [
    {
      id: "section",
      header: t("personalData.column.section"),
      cell: ({ section }) => t(`personalData.section.${section}`),
    },
    {
      id: "count",
      header: t("personalData.column.count"),
      labelled: true,
      cell: ({ count }) => format.number(count),
    },
    {
      id: "after",
      header: t("personalData.column.after"),
      labelled: true,
      cell: ({ after }) => t(`personalData.after.${after}`),
    },
  ]
}

function Folders() {
  const { t } = useTranslation()
  const { data, error } = useQuery(myFolders())
  const download = useDownloadFolder()
  const columns = useFolderColumns(download)
  return (
    <Section title={t("personalData.folders")} text={t("personalData.foldersText")}>
      <ProblemNotice error={error ?? download.error} />
      {data?.items.length === 0 && <p className={table.under}>{t("personalData.noFolders")}</p>}
      {data && data.items.length > 0 && (
        <DataTable
          caption={t("personalData.folders")}
          columns={columns}
          rows={data.items}
          rowKey={(folder) => folder.environment_id}
        />
      )}
    </Section>
  )
}

function useFolderColumns(download: ReturnType<typeof useDownloadFolder>): Column<MyFolder>[] {
  const { t, i18n } = useTranslation()
  const format = useFormat()
  return [
    {
      id: "course",
      header: t("personalData.column.course"),
      cell: (folder) => (
        <>
          <span className={table.name}>{folder.course_title}</span>
          {folder.used_bytes !== null && (
            <div className={table.under}>{sizeOf(folder.used_bytes, i18n.language)}</div>
          )}
        </>
      ),
    },
    {
      id: "until",
      header: t("personalData.column.until"),
      labelled: true,
      cell: (folder) =>
        folder.erase_at ? format.date(new Date(folder.erase_at)) : t("personalData.whileCourse"),
    },
    {
      id: "actions",
      header: t("personalData.column.actions"),
      kind: "actions",
      cell: (folder) => (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          aria-label={t("personalData.downloadNamed", { title: folder.course_title })}
          loading={download.isPending && download.variables.id === folder.environment_id}
          onClick={() => download.mutate({ id: folder.environment_id, format: "zip" })}
        >
          {t("personalData.download")}
        </Button>
      ),
    },
  ]
}

function Erasure({ data }: { data: MyData }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [words, setWords] = useState<string | null>(null)
  const ask = useAskErasure()
  const withdraw = useWithdraw()
  const request = data.request
  const isOpen = request?.state === "open"
  const when = request ? format.date(new Date(request.decided_at ?? request.asked_at)) : ""
  return (
    <Section title={t("personalData.erasure")} text={t("personalData.erasureText")}>
      <ul className={styles.list}>
        <li>{t("personalData.goes")}</li>
        <li>{t("personalData.stays")}</li>
      </ul>
      <div role="status" aria-live="polite">
        {request && request.state !== "withdrawn" && (
          <Notice
            polite
            tone={isOpen ? "info" : "warn"}
            title={t(`personalData.state.${request.state}`, { date: when })}
          >
            {request.answer}
          </Notice>
        )}
      </div>
      {data.owned > 0 && (
        <p className={table.under}>{t("personalData.ownedFirst", { count: data.owned })}</p>
      )}
      <ProblemNotice error={withdraw.error} />
      <Group>
        {isOpen ? (
          <Button variant="default" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
            {t("personalData.withdraw")}
          </Button>
        ) : (
          <Button variant="default" onClick={() => setWords("")}>
            {t("personalData.ask")}
          </Button>
        )}
      </Group>
      <ConfirmDialog
        opened={words !== null}
        title={t("personalData.askTitle")}
        confirm={t("personalData.askConfirm")}
        danger
        busy={ask.isPending}
        onClose={() => setWords(null)}
        onConfirm={() => ask.mutate(words ?? "", { onSuccess: () => setWords(null) })}
      >
        <p>{t("personalData.askText")}</p>
        <Textarea
          label={t("personalData.words")}
          maxLength={1000}
          autosize
          minRows={2}
          value={words ?? ""}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <ProblemNotice error={ask.error} />
      </ConfirmDialog>
    </Section>
  )
}
