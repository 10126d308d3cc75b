/** The list of platforms: search, filter and page are in the address. */
import { Button } from "@mantine/core"
import { IconPlugConnected, IconPlus } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { Platform, PlatformState } from "@/api/types"
import { Ago } from "@/ui/Ago"
import { type Column, DataTable } from "@/ui/DataTable"
import { EmptyState } from "@/ui/EmptyState"
import { FilteredList } from "@/ui/FilteredList"
import { FilterSelect } from "@/ui/FilterSelect"
import { PageHeader } from "@/ui/PageHeader"
import { SearchField } from "@/ui/SearchField"
import table from "@/ui/table.module.css"
import { PlatformStateLabel } from "./PlatformStateLabel"
import { PlatformTabs } from "./PlatformTabs"
import { PAGE_SIZE, type PlatformFilter, platformList, STATES } from "./platforms"

type Props = { filter: PlatformFilter; onFilter: (filter: PlatformFilter) => void }

export function PlatformList({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(platformList(filter))
  const filtered = Boolean(filter.search || filter.state)
  const columns = useColumns()
  return (
    <>
      <PageHeader
        title={t("platforms.listTitle")}
        action={
          <Button
            component={Link}
            to="/dashboard/operate/platforms/new"
            leftSection={<IconPlus size={18} aria-hidden />}
          >
            {t("platforms.newTitle")}
          </Button>
        }
      >
        {t("platforms.listText")}
      </PageHeader>
      <PlatformTabs current="platforms" />
      <FilteredList
        total={data.total}
        filtered={filtered}
        empty={
          <EmptyState
            icon={<IconPlugConnected size={40} stroke={1.4} aria-hidden />}
            title={t("platforms.emptyTitle")}
            text={t("platforms.emptyText")}
            action={
              <Button
                component={Link}
                to="/dashboard/operate/platforms/invitations"
                variant="default"
                mt="sm"
              >
                {t("platforms.tabs.invitations")}
              </Button>
            }
          />
        }
        filters={<Filters filter={filter} onFilter={onFilter} />}
        noMatch={t("platforms.noMatch")}
        clear={{ label: t("platforms.clearFilters"), onClear: () => onFilter({}) }}
      >
        <DataTable
          caption={t("platforms.listTitle")}
          columns={columns}
          rows={data.items}
          rowKey={(platform) => platform.id}
          paging={{
            page: data.page,
            pageSize: PAGE_SIZE,
            total: data.total,
            onPage: (page) => onFilter({ ...filter, page }),
          }}
        />
      </FilteredList>
    </>
  )
}

function Filters({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const narrowed = (facts: PlatformFilter) => onFilter({ ...filter, ...facts, page: undefined })
  return (
    <>
      <SearchField
        label={t("platforms.searchLabel")}
        value={filter.search ?? ""}
        onSearch={(search) => narrowed({ search: search || undefined })}
      />
      <FilterSelect
        label={t("platforms.stateFilter")}
        all={t("platforms.allStates")}
        choices={STATES.map((state) => ({ value: state, label: t(`platforms.state.${state}`) }))}
        value={filter.state}
        onChoose={(state) => narrowed({ state: state as PlatformState | undefined })}
      />
    </>
  )
}

function useColumns(): Column<Platform>[] {
  const { t } = useTranslation()
  const now = new Date()
  return [
    {
      id: "name",
      header: t("platforms.column.name"),
      cell: (platform) => (
        <>
          <Link
            to="/dashboard/operate/platforms/$platformId"
            params={{ platformId: platform.id }}
            className={table.name}
          >
            {platform.name}
          </Link>
          <div className={table.under}>{platform.issuer}</div>
        </>
      ),
    },
    {
      id: "state",
      header: t("platforms.column.state"),
      cell: (platform) => <PlatformStateLabel state={platform.state} />,
    },
    {
      id: "people",
      header: t("platforms.column.people"),
      cell: (platform) => t("platforms.people", { count: platform.visitors }),
    },
    {
      id: "used",
      header: t("platforms.column.used"),
      labelled: true,
      cell: ({ used_at }) => (used_at ? <Ago at={used_at} now={now} /> : t("platforms.neverUsed")),
    },
  ]
}
