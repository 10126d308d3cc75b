/** The list of Images with the state of their last Build. */
import { Button } from "@mantine/core"
import { IconBooks, IconPlus, IconStack2 } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { Link, useNavigate } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { ImageSummary } from "@/api/types"
import { Ago } from "@/ui/Ago"
import { type Column, DataTable } from "@/ui/DataTable"
import { EmptyState } from "@/ui/EmptyState"
import { FilteredList } from "@/ui/FilteredList"
import { FilterSelect } from "@/ui/FilterSelect"
import { PageHeader } from "@/ui/PageHeader"
import { SearchField } from "@/ui/SearchField"
import table from "@/ui/table.module.css"
import { BuildApproval } from "./BuildApproval"
import { BuildPhaseLabel } from "./BuildPhaseLabel"
import { type ImageFilter, type ImageSort, imageList, PAGE_SIZE, SORTS } from "./images"

type Props = { filter: ImageFilter; onFilter: (filter: ImageFilter) => void }

export function ImageList({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(imageList(filter))
  return (
    <>
      <PageHeader
        title={t("image.listTitle")}
        action={
          <>
            <Button
              component={Link}
              to="/dashboard/images/catalogue"
              variant="default"
              leftSection={<IconBooks size={18} aria-hidden />}
            >
              {t("image.catalogueTitle")}
            </Button>
            <Button
              component={Link}
              to="/dashboard/images/new"
              leftSection={<IconPlus size={18} aria-hidden />}
            >
              {t("image.create")}
            </Button>
          </>
        }
      >
        {t("image.listText")}
      </PageHeader>
      <BuildApproval />
      <FilteredList
        total={data.total}
        filtered={Boolean(filter.search)}
        empty={
          <EmptyState
            icon={<IconStack2 size={40} stroke={1.4} aria-hidden />}
            title={t("image.emptyTitle")}
            text={t("image.emptyText")}
            action={
              <Button component={Link} to="/dashboard/images/catalogue" variant="default">
                {t("image.catalogueTitle")}
              </Button>
            }
          />
        }
        filters={<Filters filter={filter} onFilter={onFilter} />}
        noMatch={t("image.noMatch")}
      >
        <Rows
          images={data.items}
          total={data.total}
          page={data.page}
          filter={filter}
          onFilter={onFilter}
        />
      </FilteredList>
    </>
  )
}

function Filters({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  return (
    <>
      <SearchField
        label={t("image.searchLabel")}
        value={filter.search ?? ""}
        onSearch={(search) => onFilter({ ...filter, search: search || undefined, page: undefined })}
      />
      <FilterSelect
        label={t("app.sortBy")}
        choices={SORTS.map((sort) => ({ value: sort, label: t(`image.sort.${sort}`) }))}
        value={filter.sort ?? "-updated_at"}
        onChoose={(sort) => onFilter({ ...filter, sort: sort as ImageSort | undefined })}
      />
    </>
  )
}

type RowsProps = Props & { images: ImageSummary[]; total: number; page: number }

function Rows({ images, total, page, filter, onFilter }: RowsProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const columns = useColumns()
  return (
    <DataTable
      caption={t("image.listTitle")}
      columns={columns}
      rows={images}
      rowKey={(image) => image.id}
      onOpen={(image) => void navigate(pageOf(image))}
      paging={{
        page,
        pageSize: PAGE_SIZE,
        total,
        onPage: (next) => onFilter({ ...filter, page: next }),
      }}
      sorting={{
        by: filter.sort ?? "-updated_at",
        onSort: (sort) => onFilter({ ...filter, sort: sort as ImageSort, page: undefined }),
      }}
    />
  )
}

const pageOf = (image: ImageSummary) =>
  ({ to: "/dashboard/images/$imageId", params: { imageId: image.id } }) as const

function useColumns(): Column<ImageSummary>[] {
  const { t } = useTranslation()
  const now = new Date()
  return [
    {
      id: "title",
      header: t("image.column.title"),
      sort: { ascending: "title", descending: "-title" },
      cell: (image) => (
        <>
          <Link className={table.name} {...pageOf(image)}>
            {image.title}
          </Link>
          <div className={table.under}>{image.description}</div>
        </>
      ),
    },
    {
      id: "build",
      header: t("image.column.build"),
      cell: ({ last_build }) =>
        last_build ? <BuildPhaseLabel phase={last_build.phase} /> : t("image.neverBuilt"),
    },
    {
      id: "use",
      header: t("image.column.use"),
      labelled: true,
      cell: (image) => t("image.usedBy", { count: image.used_by }),
    },
    {
      id: "updated",
      header: t("image.column.updated"),
      labelled: true,
      sort: { ascending: "updated_at", descending: "-updated_at" },
      cell: (image) => <Ago at={image.updated_at} now={now} />,
    },
  ]
}
