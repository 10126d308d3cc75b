/** The list of platforms: search, filter and page are in the address. */
import { Button } from "@mantine/core"
import { IconPlugConnected, IconPlus } from "@tabler/icons-react"
import { useSuspenseQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { Platform } from "@/api/types"
import type { Column } from "@/ui/list/DataTable"
import { ListPage } from "@/ui/list/ListPage"
import table from "@/ui/list/table.module.css"
import { Ago } from "@/ui/text/Ago"
import { PlatformStateLabel } from "./PlatformStateLabel"
import { PlatformTabs } from "./PlatformTabs"
import { PAGE_SIZE, type PlatformFilter, platformList, STATES } from "./platforms"

type Props = { filter: PlatformFilter; onFilter: (filter: PlatformFilter) => void }

export function PlatformList({ filter, onFilter }: Props) {
  const { t } = useTranslation()
  const { data } = useSuspenseQuery(platformList(filter))
  return (
    <ListPage
      title={t("platforms.listTitle")}
      text={t("platforms.listText")}
      action={
        <Button
          component={Link}
          to="/dashboard/operate/platforms/new"
          leftSection={<IconPlus size={18} aria-hidden />}
        >
          {t("platforms.newTitle")}
        </Button>
      }
      above={<PlatformTabs current="platforms" />}
      filter={filter}
      onFilter={onFilter}
      search={t("platforms.searchLabel")}
      choices={[
        {
          name: "state",
          label: t("platforms.stateFilter"),
          all: t("platforms.allStates"),
          values: STATES,
          textOf: (state) => t(`platforms.state.${state}`),
        },
      ]}
      data={data}
      pageSize={PAGE_SIZE}
      empty={{
        icon: IconPlugConnected,
        title: t("platforms.emptyTitle"),
        text: t("platforms.emptyText"),
        action: (
          <Button
            component={Link}
            to="/dashboard/operate/platforms/invitations"
            variant="default"
            mt="sm"
          >
            {t("platforms.tabs.invitations")}
          </Button>
        ),
      }}
      noMatch={t("platforms.noMatch")}
      columns={useColumns()}
      rowKey={(platform) => platform.id}
    />
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
