/** The list of Images with the state of their last Build. */
import { Button } from "@mantine/core"
import { IconBooks, IconPlus, IconStack2 } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { Link, useNavigate } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { ImageSummary } from "@/api/types"
import type { Column } from "@/ui/list/DataTable"
import type { Choice } from "@/ui/list/ListFilters"
import { ListPage } from "@/ui/list/ListPage"
import table from "@/ui/list/table.module.css"
import { Ago } from "@/ui/text/Ago"
import { BuildApproval } from "./builds/BuildApproval"
import { BuildPhaseLabel } from "./builds/BuildPhaseLabel"
import { type ImageFilter, imageList, ORIGINS, PAGE_SIZE, SORTS } from "./images"

type Props = { filter: ImageFilter; onFilter: (filter: ImageFilter) => void }

export function ImageList({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(imageList(filter))
  const navigate = useNavigate()
  return (
    <ListPage
      title={t("image.listTitle")}
      text={t("image.listText")}
      action={
        <>
          <Button
            component={Link}
            to="/dashboard/images/catalogue"
            variant="default"
            leftSection={<IconBooks size={18} aria-hidden />}
          >
            {t("catalogue.title")}
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
      above={<BuildApproval />}
      filter={filter}
      onFilter={onFilter}
      search={t("image.searchLabel")}
      choices={useChoices()}
      data={data}
      pageSize={PAGE_SIZE}
      empty={{
        icon: IconStack2,
        title: t("image.emptyTitle"),
        text: t("image.emptyText"),
        action: (
          <Button component={Link} to="/dashboard/images/catalogue" variant="default">
            {t("catalogue.title")}
          </Button>
        ),
      }}
      noMatch={t("image.noMatch")}
      columns={useColumns()}
      rowKey={(image) => image.id}
      onOpen={(image) => void navigate(pageOf(image))}
      order="-updated_at"
    />
  )
}

function useChoices(): Choice<ImageFilter>[] {
  const { t } = useTranslation()
  return [
    {
      name: "origin",
      label: t("sharing.filter"),
      all: t("sharing.everybody"),
      values: ORIGINS,
      textOf: (origin) => t(`image.origins.${origin}`),
    },
    {
      name: "sort",
      label: t("app.sortBy"),
      values: SORTS,
      textOf: (sort) => t(`image.sort.${sort}`),
      fallback: "-updated_at",
    },
  ]
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
          <div className={table.under}>
            {image.relation !== "owner" && `${image.owner_name} · `}
            {image.description}
          </div>
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
