/** What the students of a Course submitted, and who has not. */
import { Button, Menu } from "@mantine/core"
import { IconDownload, IconInbox } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { useFormat } from "@/lib/format"
import { useLive } from "@/lib/live"
import { sizeOf } from "@/lib/sizes"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { Status } from "@/ui/feedback/Status"
import { type Column, DataTable } from "@/ui/list/DataTable"
import { FilteredPeople } from "@/ui/list/FilteredPeople"
import table from "@/ui/list/table.module.css"
import {
  type PersonWork,
  type SubmissionListFilter,
  submissionsOf,
  useDownload,
  WHICH,
} from "./submissions"
import styles from "./submissions.module.css"

type Props = {
  courseId: string
  filter: SubmissionListFilter
  onFilter: (filter: SubmissionListFilter) => void
  onOpen: (submission: string) => void
}

export function SubmissionList({ courseId, filter, onFilter, onOpen }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data, refetch } = useSuspenseQuery(submissionsOf(courseId, filter))
  useLive(
    (change) => change.subject_id === courseId,
    () => void refetch(),
  )
  const download = useDownload(courseId)
  const columns = useColumns()
  return (
    <section aria-label={t("submissions.tab")}>
      <div className={styles.head}>
        <div>
          <p className={styles.summary}>
            {t("submissions.summary", { submitted: data.submitted, everybody: data.everybody })}
          </p>
          {data.until && (
            <p className={styles.dim}>
              {t("submissions.until", { when: format.moment(new Date(data.until), new Date()) })}
            </p>
          )}
        </div>
        {data.submitted > 0 && (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button
                variant="default"
                leftSection={<IconDownload size={17} aria-hidden />}
                loading={download.isPending}
              >
                {t("submissions.downloadAll")}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => download.mutate({ ids: [], format: "zip" })}>
                {t("files.asZip")}
              </Menu.Item>
              <Menu.Item onClick={() => download.mutate({ ids: [], format: "tar.gz" })}>
                {t("files.asTar")}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      {!data.allowed && <Notice tone="info">{t("submissions.notAllowed")}</Notice>}
      <ProblemNotice error={download.error} />
      <FilteredPeople
        filter={filter}
        onFilter={onFilter}
        data={data}
        which={{
          label: t("submissions.whichFilter"),
          values: WHICH,
          textOf: (which) => t(`submissions.which.${which}`),
        }}
        empty={{
          icon: <IconInbox size={40} stroke={1.4} aria-hidden />,
          title: t("submissions.emptyTitle"),
          text: t("submissions.emptyText"),
        }}
      >
        {(paging) => (
          <DataTable
            caption={t("submissions.tab")}
            columns={columns}
            rows={data.items}
            rowKey={(person) => person.key}
            onOpen={(person) => person.submission && onOpen(person.submission.id)}
            paging={paging}
          />
        )}
      </FilteredPeople>
    </section>
  )
}

function useColumns(): Column<PersonWork>[] {
  const { t, i18n } = useTranslation()
  return [
    {
      id: "name",
      header: t("coursePeople.column.name"),
      cell: (person) => (
        <>
          <strong>{person.name ?? t("coursePeople.unnamed")}</strong>
          {person.email && <div className={table.under}>{person.email}</div>}
        </>
      ),
    },
    {
      id: "submission",
      header: t("submissions.column.submission"),
      cell: (person) => <Newest person={person} />,
    },
    {
      id: "size",
      header: t("submissions.column.size"),
      labelled: true,
      cell: (person) =>
        person.submission?.state === "ready" && (
          <>
            {sizeOf(person.submission.bytes, i18n.language)}
            <div className={table.under}>
              {t("submissions.files", { count: person.submission.files })}
            </div>
          </>
        ),
    },
  ]
}

function Newest({ person }: { person: PersonWork }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { submission, count } = person
  if (!submission) return <Status tone="still">{t("submissions.none")}</Status>
  const at = new Date(submission.submitted_at)
  if (submission.state === "pending") {
    return <Status tone="info">{t("submissions.copying")}</Status>
  }
  if (submission.state === "failed") {
    return <Status tone="bad">{t("submissions.failedShort")}</Status>
  }
  return (
    <>
      <Status tone="ok">
        <span title={format.exact(at)}>{format.moment(at, new Date())}</span>
      </Status>
      {count > 1 && <div className={table.under}>{t("submissions.times", { count })}</div>}
    </>
  )
}
