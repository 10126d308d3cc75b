/** The list of Images with the state of their last Build. */
import { Button } from "@mantine/core"
import { IconBooks, IconPlus, IconStack2 } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { Link, useNavigate } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { ImageSummary } from "@/api/types"
import { useFormat } from "@/lib/format"
import { EmptyState } from "@/ui/EmptyState"
import { FilteredList } from "@/ui/FilteredList"
import { FilterSelect } from "@/ui/FilterSelect"
import { PageHeader } from "@/ui/PageHeader"
import { SearchField } from "@/ui/SearchField"
import table from "@/ui/table.module.css"
import { BuildApproval } from "./BuildApproval"
import { BuildWord } from "./BuildWord"
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
        page={data.page}
        pageSize={PAGE_SIZE}
        onPage={(page) => onFilter({ ...filter, page })}
      >
        <Rows images={data.items} />
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

function Rows({ images }: { images: ImageSummary[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const navigate = useNavigate()
  const now = new Date()
  return (
    <div className={table.frame}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{t("image.column.title")}</th>
            <th scope="col">{t("image.column.build")}</th>
            <th scope="col">{t("image.column.use")}</th>
            <th scope="col">{t("image.column.updated")}</th>
          </tr>
        </thead>
        <tbody>
          {images.map((image) => (
            <tr
              key={image.id}
              data-opens
              onClick={() =>
                void navigate({ to: "/dashboard/images/$imageId", params: { imageId: image.id } })
              }
            >
              <td>
                <Link
                  className={table.name}
                  to="/dashboard/images/$imageId"
                  params={{ imageId: image.id }}
                  onClick={(event) => event.stopPropagation()}
                >
                  {image.title}
                </Link>
                <div className={table.under}>{image.description}</div>
              </td>
              <td>
                {image.last_build ? (
                  <BuildWord phase={image.last_build.phase} />
                ) : (
                  t("image.neverBuilt")
                )}
              </td>
              <td data-label={t("image.column.use")}>
                {t("image.usedBy", { count: image.used_by })}
              </td>
              <td data-label={t("image.column.updated")}>
                <span title={format.exact(new Date(image.updated_at))}>
                  {format.fromNow(new Date(image.updated_at), now)}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
