/** What a build contains: its packages, with a search, and the same list as an SBOM to download. */
import { Button, Group } from "@mantine/core"
import { IconDownload } from "@tabler/icons-react"
import { keepPreviousData, useMutation, useQuery, useSuspenseQuery } from "@tanstack/react-query"
import { useId, useState } from "react"
import { useTranslation } from "react-i18next"
import { api, http } from "@/api/client"
import type { BuildInventory, BuildStatus } from "@/api/types"
import { Notice } from "@/ui/feedback/Notice"
import { ProblemNotice } from "@/ui/feedback/ProblemNotice"
import { DataTable } from "@/ui/list/DataTable"
import { FilteredList } from "@/ui/list/FilteredList"
import styles from "../images.module.css"

const PAGE_SIZE = 25
type Filter = { search?: string; page?: number }

export function BuildPackages({ build }: { build: BuildStatus }) {
  const { t } = useTranslation()
  const heading = useId()
  const { data: inventory } = useSuspenseQuery(
    api.queryOptions("get", "/api/builds/{build_id}/inventory", {
      params: { path: { build_id: build.id } },
    }),
  )
  const save = useSaveSbom(build)
  return (
    <section className={styles.part} aria-labelledby={heading}>
      <h3 id={heading}>{t("packages.title")}</h3>
      <Known inventory={inventory} />
      {inventory.packages > 0 && (
        <>
          <PackageTable buildId={build.id} />
          <Group>
            <Button
              variant="default"
              size="sm"
              leftSection={<IconDownload size={16} aria-hidden />}
              loading={save.isPending}
              onClick={() => save.mutate()}
            >
              {t("packages.download")}
            </Button>
          </Group>
          <ProblemNotice error={save.error} />
        </>
      )}
    </section>
  )
}

/** How much is known; what is not known is never shown as nothing. */
function Known({ inventory }: { inventory: BuildInventory }) {
  const { t } = useTranslation()
  if (inventory.state === "unknown") {
    return (
      <Notice tone="warn" title={t("packages.unknown")}>
        {t("packages.unknownText")}
      </Notice>
    )
  }
  const count = t("packages.count", { count: inventory.packages })
  const where = inventory.distribution ? ` · ${inventory.distribution}` : ""
  return (
    <>
      <p className={styles.dim}>{count + where}</p>
      {inventory.state === "partial" && (
        <Notice tone="warn" title={t("packages.partial")}>
          {t("packages.partialText")} <code>{inventory.detail}</code>
        </Notice>
      )}
    </>
  )
}

function PackageTable({ buildId }: { buildId: string }) {
  const { t } = useTranslation()
  const [filter, setFilter] = useState<Filter>({})
  const { search, page = 1 } = filter
  const { data, error } = useQuery({
    ...api.queryOptions("get", "/api/builds/{build_id}/packages", {
      params: {
        path: { build_id: buildId },
        query: { page, page_size: PAGE_SIZE, search },
      },
    }),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <ProblemNotice error={error} />
      <FilteredList
        filtering={{ filter, onFilter: setFilter, search: t("packages.search") }}
        total={data?.total ?? 0}
        filtered
        empty={null}
        noMatch={data ? t("packages.noMatch") : t("app.loading")}
      >
        <DataTable
          caption={t("packages.title")}
          columns={[
            { id: "name", header: t("packages.name"), cell: ({ name }) => name },
            {
              id: "version",
              header: t("packages.version"),
              labelled: true,
              cell: ({ version }) => <code>{version}</code>,
            },
            {
              id: "kind",
              header: t("packages.kind"),
              labelled: true,
              cell: ({ kind }) => t(`packages.kinds.${kind}`),
            },
          ]}
          rows={data?.items ?? []}
          rowKey={({ kind, name, version, source }) => `${kind} ${name} ${version} ${source}`}
          paging={{
            page,
            pageSize: PAGE_SIZE,
            total: data?.total ?? 0,
            onPage: (next) => setFilter({ ...filter, page: next }),
          }}
        />
      </FilteredList>
    </>
  )
}

function useSaveSbom(build: BuildStatus) {
  return useMutation({
    mutationFn: async () => {
      const { data, error } = await http.GET("/api/builds/{build_id}/sbom", {
        params: { path: { build_id: build.id } },
      })
      if (error) throw error
      const text = JSON.stringify(data, null, 2)
      const url = URL.createObjectURL(new Blob([text], { type: "application/vnd.cyclonedx+json" }))
      const link = document.createElement("a")
      link.href = url
      link.download = `${build.tag?.split("/").at(-1)?.replace(":", "-") ?? build.id}.cdx.json`
      link.click()
      URL.revokeObjectURL(url)
    },
  })
}
