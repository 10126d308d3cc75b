/** Operators ask which images contain a package: the search and the page are in the address. */
import { Stack } from "@mantine/core"
import { useQuery, useSuspenseQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { PackageUse } from "@/api/types"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { type Column, DataTable } from "@/ui/list/DataTable"
import { FilteredList } from "@/ui/list/FilteredList"
import table from "@/ui/list/table.module.css"
import { PageHeader } from "@/ui/page/PageHeader"
import { PAGE_SIZE, type PackageFilter, packageCoverage, packageUses } from "./packageUses"

type Props = { filter: PackageFilter; onFilter: (filter: PackageFilter) => void }

export function PackageSearch({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const { data: coverage } = useSuspenseQuery(packageCoverage())
  const uses = useQuery(packageUses(filter))
  const columns = useColumns()
  const unsure = coverage.unknown + coverage.partial
  const asked = (filter.search?.trim() ?? "") !== ""
  const data = asked ? uses.data : undefined
  const noMatch = !asked
    ? t("packages.searchEmpty", { count: coverage.complete })
    : uses.isFetching
      ? t("app.loading")
      : t(unsure > 0 ? "packages.noneKnown" : "packages.none")
  return (
    <>
      <PageHeader title={t("packages.searchTitle")}>{t("packages.searchText")}</PageHeader>
      <Stack gap="md" mb="md">
        {unsure > 0 && (
          <Notice tone="warn" title={t("packages.unsure", { count: unsure })}>
            {t("packages.unsureText")}
          </Notice>
        )}
        <ProblemNotice error={uses.error} />
      </Stack>
      <FilteredList
        filtering={{ filter, onFilter, search: t("packages.searchLabel") }}
        total={data?.total ?? 0}
        filtered
        empty={null}
        noMatch={noMatch}
      >
        {data && (
          <DataTable
            caption={t("packages.searchTitle")}
            columns={columns}
            rows={data.items}
            rowKey={(use) => `${use.build_id} ${use.package.name} ${use.package.version}`}
            paging={{
              page: filter.page ?? 1,
              pageSize: PAGE_SIZE,
              total: data.total,
              onPage: (page) => onFilter({ ...filter, page }),
            }}
          />
        )}
      </FilteredList>
    </>
  )
}

function useColumns(): Column<PackageUse>[] {
  const { t } = useTranslation()
  return [
    {
      id: "package",
      header: t("packages.name"),
      cell: ({ package: { name, version, kind } }) => (
        <>
          <span className={table.name}>{name}</span> <code>{version}</code>
          <div className={table.under}>{t(`packages.kinds.${kind}`)}</div>
        </>
      ),
    },
    {
      id: "image",
      header: t("packages.image"),
      cell: (use) => (
        <>
          {use.image_title === null ? (
            t("packages.imageGone")
          ) : (
            <Link
              to="/dashboard/images/$imageId"
              params={{ imageId: use.image_id }}
              search={{ section: "builds", build: use.build_id }}
            >
              {use.image_title}
            </Link>
          )}
          , {t("build.title", { number: use.build_number })}
          <div className={table.under}>{use.owner_name}</div>
        </>
      ),
    },
    {
      id: "courses",
      header: t("packages.courses"),
      labelled: true,
      cell: (use) => use.courses,
    },
  ]
}
